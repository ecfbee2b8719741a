// SPDX-License-Identifier: Apache-2.0
// UFFDIO_ZEROPAGE. Follows mm/userfaultfd.c: mfill_atomic_pte_zeropage.
#include "model/kernels/kernel.hpp"
#include "model/uffd/mfill.hpp"
#include "model/uffd/range.hpp"

namespace model {
namespace {

// Called with the destination locked.
sim::Task<Errno> mfill_atomic_pte_zeropage(Mm& mm, Vma& vma, VirtAddr address) {
  PageTable* leaf = co_await mfill_lock_pte(mm, address);
  Errno error = Errno::exist;
  if (mm.page_tables.get(*leaf, address).pte_none()) {
    mm.page_tables.set(*leaf, address, Pte::present(Memory::zero_pfn(), zero_page_access(vma.flags())));
    error = Errno::none;
  }
  leaf->ptl.unlock();
  co_return error;
}

}  // namespace

sim::Task<IoctlReply> userfaultfd_zeropage(UserfaultfdCtx& ctx, RangeRequest request) {
  const IoctlReply refused = co_await mfill_gate(ctx, request, UFFDIO_ZEROPAGE_MODE_DONTWAKE);
  if (refused.error != Errno::none) co_return refused;
  const Kernel& kernel = *ctx.mm->system->kernel;
  const AddrRange range = range_of(request.start, request.length);
  std::uint64_t filled = 0;
  const MfillLock lock = co_await kernel.mfill_lock(ctx, range);
  Errno error = lock.error;
  if (error == Errno::none) {
    while (error == Errno::none && filled < range.bytes()) {
      error = co_await mfill_atomic_pte_zeropage(*ctx.mm, *lock.vma, {range.start.value + filled});
      if (error == Errno::none) filled += kPageSize;
      if (sim::current_thread().fatal_signal) break;
    }
    kernel.mfill_unlock(ctx, lock);
  }
  const IoctlReply reply = co_await mfill_reply(ctx, range, filled, error, request.mode);
  co_return reply;
}

}  // namespace model
