// SPDX-License-Identifier: Apache-2.0
// Kernel: one version of Linux as the model knows it: data, and the functions that some version has, or had,
// different. The model itself never asks which version it is: it calls through this table. Defects and
// proposals are further tables (model/defects, model/proposals).
#pragma once
#include <cstdint>
#include <span>

#include "model/fault/change_protection.hpp"
#include "model/fault/fault.hpp"
#include "model/mm/hugetlb.hpp"
#include "model/mm/move_page_tables.hpp"
#include "model/mm/vma_modify.hpp"
#include "model/uffd/api.hpp"
#include "model/uffd/ioctl.hpp"
#include "model/uffd/pagemap_scan.hpp"
#include "model/uffd/uffd_wp_range.hpp"

namespace model {

struct UserfaultfdCtx;
struct Remap;

// What MADV_DONTNEED does with the rest of a mapping that was split while its REMOVE event was read.
enum class RestAfterSplit : std::uint8_t { is_skipped, follows };

// When COPY and ZEROPAGE into a file that is mapped shared ask whether the file reaches that far: when the
// page is made (else ENOMEM; the bytes have not been read yet), or when it is added to the file (else
// EFAULT).
enum class SizeAsked : std::uint8_t { when_added, when_allocated };

// What MADV_POPULATE_READ and _WRITE do at a hole between mappings: fail there, or tell of it at the end.
enum class HolesOfPopulate : std::uint8_t { end_it, are_passed };

struct Kernel {
  const char* name = "";         // "6.18"; what --kernel takes
  const char* description = "";  // one line for `uffdsim list`

  // --- Data.
  std::uint64_t features = 0;        // what UFFDIO_API offers
  std::uint64_t register_modes = 0;  // mode bits of UFFDIO_REGISTER
  std::uint64_t range_ioctls = 0;    // what UFFDIO_REGISTER offers for a MISSING registration
  WriteAfterResolve write_after_resolve{};
  FieldState field_of_busy_context{};  // output field of a data ioctl refused at the gate (EAGAIN)
  RestAfterSplit rest_after_split{};
  std::uint64_t continue_modes = 0;  // mode bits of UFFDIO_CONTINUE
  Errno continue_beyond_size{};      // what CONTINUE is told behind the end of a file
  SizeAsked size_asked{};
  std::uint64_t scan_categories = 0;  // that PAGEMAP_SCAN knows
  WrittenIn written_in{};
  Merge merge_out_of_uffd{};  // of a mapping that mremap moves out of its userfaultfd: with what it leaves?
  Merge merge_with_kept{};    // of what MREMAP_DONTUNMAP moves next to where it was, no page being there yet
  HolesOfPopulate holes_of_populate{};

  ZapPromise zap_promise{};      // of huge pages of a private mapping that are unmapped
  Errno copy_from_empty_pool{};  // what COPY of a huge page is told when the pool is empty
  Errno mmap_over_part{};        // what mmap is told that would replace a part of a huge page
  ForkedWp forked_wp{};

  // --- Page faults.
  // The mapping for the first try of a user fault, read-locked; null: take mmap_lock.
  sim::Task<Vma*> (*lock_vma_for_fault)(Mm& mm, VirtAddr address) = nullptr;
  // Whether every first write to a page of a shared mapping with these flags must fault.
  bool (*vma_wants_writenotify)(VmFlagBits vm_flags) = nullptr;
  // A leaf after mprotect, whose mapping allows `access` now.
  Pte (*pte_change_rights)(Pte pte, PteAccess access, VmFlagBits vm_flags) = nullptr;
  // The one call upward: a fault becomes a userfault. Called with the fault lock held; see VmFaultResult.
  sim::Task<VmFaultResult> (*handle_userfault)(VmFault& vmf, Reason reason) = nullptr;

  // Whether a marker is userfaultfd's own: one that COPY may replace, and that a fault waits for.
  bool (*is_uffd_marker)(Pte pte) = nullptr;
  // Whether write faults of the mapping are resolved by the kernel itself (WP_ASYNC).
  bool (*userfaultfd_wp_async)(const Vma& vma) = nullptr;

  // Whether faults of the mapping at what RWP protects are (RWP_ASYNC).
  bool (*userfaultfd_rwp_async)(const Vma& vma) = nullptr;

  // --- userfaultfd.
  sim::Task<bool> (*userfaultfd_must_wait)(UserfaultfdCtx& ctx, const VmFault& vmf, Reason reason) = nullptr;
  sim::Task<bool> (*userfault_waiters)(UserfaultfdCtx& ctx) = nullptr;
  bool (*mmap_is_changing)(const UserfaultfdCtx& ctx) = nullptr;
  sim::Task<void> (*mmap_changing_begin)(UserfaultfdCtx& ctx) = nullptr;
  sim::Task<MfillLock> (*mfill_lock)(UserfaultfdCtx& ctx, AddrRange destination) = nullptr;
  void (*mfill_unlock)(UserfaultfdCtx& ctx, MfillLock lock) = nullptr;
  bool (*mfill_file_over_size)(const Vma& vma, VirtAddr address) = nullptr;
  sim::Task<IoctlReply> (*poison)(UserfaultfdCtx& ctx, RangeRequest request) = nullptr;
  sim::Task<IoctlReply> (*move)(UserfaultfdCtx& ctx, const Mm& caller, MoveRequest request) = nullptr;
  sim::Task<Errno> (*mwriteprotect_range)(UserfaultfdCtx& ctx, AddrRange range, WpChange change) = nullptr;
  sim::Task<IoctlReply> (*rwprotect)(UserfaultfdCtx& ctx, RangeRequest request) = nullptr;
  sim::Task<IoctlReply> (*set_mode)(UserfaultfdCtx& ctx, SetModeRequest request) = nullptr;
  // Whether a mapping that is registered with the asking context, or with none, may get these modes.
  Errno (*may_change_modes)(const Vma& vma, VmFlagBits modes) = nullptr;
  sim::Task<ScanReply> (*pagemap_scan)(Mm& mm, ScanRequest request) = nullptr;
  // Whether a scan may say of a page where nothing is, not even a marker, that it was written to.
  bool (*empty_page_is_written)(const ScanRequest& request, LeafTable table) = nullptr;
  Errno (*may_unregister)(const UserfaultfdCtx& ctx, const Vma& vma) = nullptr;

  // --- System calls.
  sim::Task<Result<VirtAddr>> (*mremap)(Remap& remap) = nullptr;
  sim::Task<Errno> (*madvise_guard_install)(Mm& mm, Vma& vma,
                                            AddrRange& range) = nullptr;  // null: unknown; so too:
  sim::Task<Errno> (*madvise_guard_remove)(Mm& mm, Vma& vma, AddrRange& range) = nullptr;
  MovedWp (*moved_wp)(const Vma& vma) = nullptr;  // what mremap does with uffd-wp bits
};

// Every kernel, oldest first; the default; one by name, or null.
std::span<const Kernel* const> kernels();
const Kernel& default_kernel();
const Kernel* find_kernel(const char* name);

extern const Kernel linux_6_1;
extern const Kernel linux_6_12;
extern const Kernel linux_6_18;
extern const Kernel linux_7_3;

}  // namespace model
