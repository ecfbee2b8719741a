// SPDX-License-Identifier: Apache-2.0
// Follows fs/userfaultfd.c: userfaultfd_unregister.
#include <algorithm>

#include "model/kernels/kernel.hpp"
#include "model/mm/vma_modify.hpp"
#include "model/uffd/api.hpp"
#include "model/uffd/range.hpp"
#include "model/uffd/uffd_unprotect.hpp"
#include "model/uffd/userfault.hpp"

namespace model {
namespace {

Errno may_unregister(UserfaultfdCtx& ctx, AddrRange range) {
  Mm& mm = *ctx.mm;
  Vma* vma = mm.vmas.find_intersection(range);
  if (!vma || !vma->may_split(range.start)) return Errno::inval;
  for (; vma && vma->start() < range.end; vma = mm.vmas.next(*vma)) {
    const Errno allowed = mm.system->kernel->may_unregister(ctx, *vma);
    if (allowed != Errno::none) return allowed;
  }
  return Errno::none;
}

// Called with mmap_lock held for writing. Wakes before it disarms: a woken thread waits for the lock anyway.
// EINVAL: the range ends within a huge page, which stays registered.
sim::Task<Errno> disarm(UserfaultfdCtx& ctx, AddrRange range) {
  Mm& mm = *ctx.mm;
  VirtAddr at = range.start;
  while (at < range.end) {
    Vma* vma = mm.vmas.find_intersection({at, range.end});
    if (!vma) co_return Errno::none;
    const Vma::State state = vma->state.read();
    const AddrRange part{std::max(state.range.start, at), std::min(state.range.end, range.end)};
    if (state.ctx) {
      if (vma->userfaultfd_missing()) co_await wake_userfault(*state.ctx, part);
      // Nobody who waits at a protected page is woken: WAKE still works.
      co_await uffd_unprotect(mm, *vma, part);
      const auto flags = static_cast<VmFlagBits>(state.flags & ~kUffdModes);
      if (!vma->may_split(part.end)) co_return Errno::inval;
      vma = co_await vma_modify_flags_uffd(mm, *vma, part, flags, nullptr);
    }
    at = part.end;
  }
  co_return Errno::none;
}

}  // namespace

sim::Task<IoctlReply> userfaultfd_unregister(UserfaultfdCtx& ctx, RangeRequest request) {
  co_await sim::point("userfaultfd_unregister");
  if (!ctx.initialized()) co_return IoctlReply::of(Errno::inval);
  if (request.argument == UserPointer::unreadable) co_return IoctlReply::of(Errno::fault);
  const Errno valid = validate_range(request.start, request.length);
  if (valid != Errno::none) co_return IoctlReply::of(valid);
  Mm& mm = *ctx.mm;
  if (mmget_not_zero(mm) == MmUser::refused) co_return IoctlReply::of(Errno::nomem);

  const AddrRange range = range_of(request.start, request.length);
  co_await mm.mmap_lock.write_lock();
  Errno error = may_unregister(ctx, range);
  if (error == Errno::none) error = co_await disarm(ctx, range);
  mm.mmap_write_unlock();
  co_await mmput(mm);
  co_return IoctlReply::of(error);
}

}  // namespace model
