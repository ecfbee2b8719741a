// SPDX-License-Identifier: Apache-2.0
// What COPY, ZEROPAGE, CONTINUE, POISON and MOVE share: the gate, the lock on the destination, the reply
// (uffd-semantics §13.1).
#pragma once
#include "model/uffd/api.hpp"
#include "model/uffd/context.hpp"
#include "model/uffd/ioctl.hpp"

namespace model {

// The checks of a data ioctl before it touches the address space. error none: go on; the address space stays
// until mfill_reply.
sim::Task<IoctlReply> mfill_gate(UserfaultfdCtx& ctx, const RangeRequest& request, std::uint64_t known_modes);

// Read-locks the destination and the layout. The mapping that contains the start must contain the whole
// range and be registered with some context, not necessarily this one: else ENOENT. EAGAIN while the layout
// is changing. Called with no lock held; released by mfill_unlock. The locks that this takes differ between
// kernels (Kernel::mfill_lock).
sim::Task<MfillLock> mfill_lock_vma(UserfaultfdCtx& ctx, AddrRange destination);  // since 6.9
void mfill_unlock_vma(UserfaultfdCtx& ctx, MfillLock lock);
sim::Task<MfillLock> mfill_lock_mmap(UserfaultfdCtx& ctx, AddrRange destination);  // before
void mfill_unlock_mmap(UserfaultfdCtx& ctx, MfillLock lock);

// The mapping of the address, read-locked and with an anon_vma; null if there is none. Needs mmap_lock only
// when it has to make the anon_vma, or when a writer has the mapping. Called with no lock held.
sim::Task<Vma*> uffd_lock_vma(Mm& mm, VirtAddr address);

// The leaf table of the address, made if it is missing. Called with the destination locked.
sim::Task<PageTable*> mfill_leaf(Mm& mm, VirtAddr address);
// The same, with its lock held.
sim::Task<PageTable*> mfill_lock_pte(Mm& mm, VirtAddr address);

// A data ioctl that needs no bytes from its caller.
struct MfillOperation {
  std::uint64_t known_modes = 0;
  // Asked once, with the destination locked: whether the mapping is one for it.
  Errno (*allowed)(const Vma& vma, std::uint64_t mode) = nullptr;
  // Fills one page, with the destination locked.
  sim::Task<Errno> (*page)(Mm& mm, Vma& vma, VirtAddr address, std::uint64_t mode) = nullptr;
  // The same of one huge page; null: it cannot (EINVAL).
  sim::Task<Errno> (*huge_page)(Mm& mm, Vma& vma, VirtAddr address, std::uint64_t mode) = nullptr;
};
Errno any_mapping(const Vma& vma, std::uint64_t mode);
// The whole of such an ioctl.
sim::Task<IoctlReply> mfill_with(UserfaultfdCtx& ctx, RangeRequest request, MfillOperation operation);

// Turns "so many bytes, then this error" into the reply, and wakes the range that was filled.
sim::Task<IoctlReply> mfill_reply(UserfaultfdCtx& ctx, AddrRange range, std::uint64_t filled, Errno error,
                                  std::uint64_t mode);

}  // namespace model
