// SPDX-License-Identifier: Apache-2.0
// The kernels, newest idea last: each is the one before it with what changed (uffd-semantics §18).
#include "model/kernels/kernel.hpp"
#include "model/mm/mm.hpp"
#include "model/syscalls/madvise.hpp"
#include "model/syscalls/mremap.hpp"
#include "model/uffd/event.hpp"
#include "model/uffd/mfill.hpp"
#include "model/uffd/mfill_page.hpp"
#include "model/uffd/userfault.hpp"
#include "model/uffd/writeprotect.hpp"

namespace model {
namespace {

// 6.1 has no per-VMA locks: every fault takes mmap_lock.
sim::Task<Vma*> no_vma_lock(Mm&, VirtAddr) { co_return nullptr; }

// Before map_changing_lock (6.9): nothing drains the data ioctls that are under way.
sim::Task<void> mmap_changing_begin_undrained(UserfaultfdCtx& ctx) {
  co_await sim::point("mmap_changing");
  ctx.mmap_changing.write(ctx.mmap_changing.read() + 1);
}

bool write_protection_is_heard(VmFlagBits vm_flags) { return vm_flags & VM_UFFD_WP; }

Pte rights_but_no_write_over_wp(Pte pte, PteAccess access, VmFlagBits) { return pte.pte_modify(access); }

Errno anyone_may_unregister(const UserfaultfdCtx&, const Vma&) { return Errno::none; }

// Since 6.17: not through another context.
Errno owner_may_unregister(const UserfaultfdCtx& ctx, const Vma& vma) {
  const UserfaultfdCtx* owner = vma.state.read().ctx;
  return owner && owner != &ctx ? Errno::inval : Errno::none;
}

Errno any_modes(const Vma&, VmFlagBits) { return Errno::none; }

// Since 7.3: what protects pages is not dropped in passing.
Errno modes_that_keep_protection(const Vma& vma, VmFlagBits modes) {
  return vma.flags() & (VM_UFFD_WP | VM_UFFD_RWP) & ~modes ? Errno::busy : Errno::none;
}

// Since 7.1 guard pages are nobody's but the program's.
bool any_marker(Pte pte) { return pte.is_pte_marker(); }
bool any_marker_but_guards(Pte pte) { return pte.is_pte_marker() && !pte.is_guard(); }

sim::Task<IoctlReply> no_move(UserfaultfdCtx& ctx, const Mm&, MoveRequest request) {
  return userfaultfd_unknown_ioctl(ctx, request);
}

constexpr std::uint64_t kFeatures_6_1 = UFFD_API_FEATURES;
constexpr std::uint64_t kFeatures_6_12 = kFeatures_6_1 | abi::kFeatureWpUnpopulated | abi::kFeaturePoison |
                                         abi::kFeatureWpAsync | abi::kFeatureMove;
constexpr std::uint64_t kFeatures_7_3 = kFeatures_6_12 | abi::kFeatureRwp | abi::kFeatureRwpAsync;

constexpr std::uint64_t kRegisterModes_6_1 =
    UFFDIO_REGISTER_MODE_MISSING | UFFDIO_REGISTER_MODE_WP | UFFDIO_REGISTER_MODE_MINOR;

constexpr std::uint64_t kRangeIoctls_6_1 =
    abi::ioctl_bit(_UFFDIO_WAKE) | abi::ioctl_bit(_UFFDIO_COPY) | abi::ioctl_bit(_UFFDIO_ZEROPAGE);
constexpr std::uint64_t kRangeIoctls_6_12 =
    kRangeIoctls_6_1 | abi::ioctl_bit(abi::kIoctlMove) | abi::ioctl_bit(abi::kIoctlPoison);

constexpr std::uint64_t kCategories_6_12 = abi::kPageIsWpallowed | abi::kPageIsWritten | abi::kPageIsFile |
                                           abi::kPageIsPresent | abi::kPageIsSwapped | abi::kPageIsPfnzero |
                                           abi::kPageIsHuge | abi::kPageIsSoftDirty;

constexpr Kernel make_6_1() {
  Kernel k;
  k.name = "6.1";
  k.description = "Linux 6.1 (Debian 12): mmap_lock for every fault and data ioctl";
  k.features = kFeatures_6_1;
  k.register_modes = kRegisterModes_6_1;
  k.range_ioctls = kRangeIoctls_6_1;
  k.field_of_busy_context = FieldState::untouched;
  k.rest_after_split = RestAfterSplit::is_skipped;
  k.continue_modes = UFFDIO_CONTINUE_MODE_DONTWAKE;
  k.continue_beyond_size = Errno::inval;
  k.size_asked = SizeAsked::when_added;
  k.merge_out_of_uffd = Merge::with_neighbours;
  k.merge_with_kept = Merge::never;  // with its stable updates, of 6.12 too; 6.18.44 lacks it
  k.holes_of_populate = HolesOfPopulate::are_passed;
  k.zap_promise = ZapPromise::is_lost;
  k.copy_from_empty_pool = Errno::nomem;
  k.mmap_over_part = Errno::nomem;
  k.forked_wp = ForkedWp::kept;
  k.lock_vma_for_fault = no_vma_lock;
  k.vma_wants_writenotify = write_protection_is_heard;
  k.pte_change_rights = rights_but_no_write_over_wp;
  k.handle_userfault = handle_userfault;
  k.userfaultfd_must_wait = userfaultfd_must_wait;
  k.userfault_waiters = userfault_waiters;
  k.mmap_is_changing = mmap_is_changing;
  k.mmap_changing_begin = mmap_changing_begin_undrained;
  k.mfill_file_over_size = mfill_file_over_size;
  k.mfill_lock = mfill_lock_mmap;
  k.mfill_unlock = mfill_unlock_mmap;
  k.may_unregister = anyone_may_unregister;
  k.write_after_resolve = WriteAfterResolve::left_to_fault;
  k.mwriteprotect_range = mwriteprotect_one_mapping;
  k.may_change_modes = any_modes;
  k.userfaultfd_wp_async = userfaultfd_wp_async;
  k.userfaultfd_rwp_async = userfaultfd_rwp_async;
  k.rwprotect = userfaultfd_unknown_ioctl;
  k.set_mode = no_set_mode;
  k.is_uffd_marker = any_marker;
  k.poison = userfaultfd_unknown_ioctl;
  k.move = no_move;
  k.pagemap_scan = no_pagemap_scan;
  k.mremap = do_mremap_one_mapping;
  k.moved_wp = moved_wp_of;  // with 0cef0bb836e3, as its stable updates have it
  return k;
}

constexpr Kernel make_6_12() {
  Kernel k = make_6_1();
  k.name = "6.12";
  k.description = "Linux 6.12 (Debian 13): per-VMA locks, map_changing_lock, MOVE, POISON";
  k.features = kFeatures_6_12;
  k.range_ioctls = kRangeIoctls_6_12;
  k.field_of_busy_context = FieldState::written;
  k.holes_of_populate = HolesOfPopulate::end_it;  // since 6.10
  k.continue_modes = UFFDIO_CONTINUE_MODE_DONTWAKE | abi::kContinueModeWp;
  k.lock_vma_for_fault = lock_vma_under_rcu;
  k.mmap_changing_begin = mmap_changing_begin;
  k.mfill_lock = mfill_lock_vma;
  k.mfill_unlock = mfill_unlock_vma;
  k.write_after_resolve = WriteAfterResolve::granted;
  k.zap_promise = ZapPromise::comes_back;  // since 6.9
  k.mmap_over_part = Errno::inval;
  k.forked_wp = ForkedWp::dropped;
  k.mwriteprotect_range = mwriteprotect_range;
  k.poison = userfaultfd_poison;
  k.move = userfaultfd_move;
  k.scan_categories = kCategories_6_12;
  k.empty_page_is_written = [](const ScanRequest&, LeafTable) { return true; };
  k.written_in = WrittenIn::any_mapping;
  k.pagemap_scan = pagemap_scan;
  return k;
}

constexpr Kernel make_6_18() {
  Kernel k = make_6_12();
  k.name = "6.18";
  k.description = "Linux 6.18: a context cannot unregister another's mapping";
  k.rest_after_split = RestAfterSplit::follows;  // since madvise keeps its place in one range (6.17)
  k.may_unregister = owner_may_unregister;
  k.copy_from_empty_pool = Errno::exist;
  k.scan_categories |= abi::kPageIsGuard;
  k.mremap = do_mremap;
  k.merge_with_kept = Merge::with_neighbours;
  k.madvise_guard_install = madvise_guard_install;
  k.madvise_guard_remove = madvise_guard_remove;
  return k;
}

constexpr Kernel make_7_3() {
  Kernel k = make_6_18();
  k.name = "7.3";
  k.description = "Linux 7.3: RWP, which protects pages from every access";
  k.features = kFeatures_7_3;
  k.register_modes |= abi::kRegisterModeRwp;
  k.rwprotect = userfaultfd_rwprotect;
  k.set_mode = userfaultfd_set_mode;
  k.continue_beyond_size = Errno::fault;
  k.size_asked = SizeAsked::when_allocated;
  k.may_change_modes = modes_that_keep_protection;
  k.scan_categories |= abi::kPageIsAccessed;
  k.written_in = WrittenIn::protected_mapping;
  k.merge_out_of_uffd = Merge::never;
  k.is_uffd_marker = any_marker_but_guards;
  return k;
}

}  // namespace

constinit const Kernel linux_6_1 = make_6_1();
constinit const Kernel linux_6_12 = make_6_12();
constinit const Kernel linux_6_18 = make_6_18();
constinit const Kernel linux_7_3 = make_7_3();

}  // namespace model
