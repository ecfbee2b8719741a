// SPDX-License-Identifier: Apache-2.0
// UFFDIO_WRITEPROTECT. Follows fs/userfaultfd.c: userfaultfd_writeprotect, and mm/userfaultfd.c:
// mwriteprotect_range.
#include "model/uffd/writeprotect.hpp"

#include <algorithm>

#include "model/kernels/kernel.hpp"
#include "model/uffd/range.hpp"
#include "model/uffd/userfault.hpp"

namespace model {
namespace {

// Called with mmap_lock held for reading.
sim::Task<Errno> change_mappings(Mm& mm, AddrRange range, WpChange change) {
  Errno error = Errno::noent;
  VirtAddr at = range.start;
  while (at < range.end) {
    Vma* vma = mm.vmas.find_intersection({at, range.end});
    if (!vma) break;
    if (!vma->userfaultfd_wp()) co_return Errno::noent;
    if (!is_aligned(range, vma->page_size())) co_return Errno::inval;
    const AddrRange part{std::max(vma->start(), at), std::min(vma->end(), range.end)};
    co_await uffd_wp_range(mm, *vma, part, change);
    error = Errno::none;
    at = part.end;
  }
  co_return error;
}

}  // namespace

sim::Task<Errno> protect_gate(UserfaultfdCtx& ctx, const RangeRequest& request) {
  co_await sim::point("mmap_changing");
  if (!ctx.initialized()) co_return Errno::inval;
  if (ctx.mm->system->kernel->mmap_is_changing(ctx)) co_return Errno::again;
  if (request.argument == UserPointer::unreadable) co_return Errno::fault;
  const Errno valid = validate_range(request.start, request.length);
  if (valid != Errno::none) co_return valid;
  constexpr std::uint64_t kModes = UFFDIO_WRITEPROTECT_MODE_WP | UFFDIO_WRITEPROTECT_MODE_DONTWAKE;
  if (request.mode & ~kModes || request.mode == kModes) co_return Errno::inval;
  co_return mmget_not_zero(*ctx.mm) == MmUser::refused ? Errno::srch : Errno::none;
}

sim::Task<Errno> mwriteprotect_range(UserfaultfdCtx& ctx, AddrRange range, WpChange change) {
  Mm& mm = *ctx.mm;
  co_await mm.mmap_lock.read_lock();
  co_await ctx.map_changing_lock.read_lock();
  Errno error = Errno::again;
  if (!mm.system->kernel->mmap_is_changing(ctx)) error = co_await change_mappings(mm, range, change);
  ctx.map_changing_lock.read_unlock();
  mm.mmap_lock.read_unlock();
  co_return error;
}

sim::Task<Errno> mwriteprotect_one_mapping(UserfaultfdCtx& ctx, AddrRange range, WpChange change) {
  Mm& mm = *ctx.mm;
  co_await mm.mmap_lock.read_lock();
  Errno error = Errno::again;
  if (!mm.system->kernel->mmap_is_changing(ctx)) {
    const Vma* vma = mm.vmas.vma_lookup(range.start);
    error = Errno::noent;
    if (vma && range.end <= vma->end()) error = co_await change_mappings(mm, range, change);
  }
  mm.mmap_lock.read_unlock();
  co_return error;
}

sim::Task<IoctlReply> userfaultfd_writeprotect(UserfaultfdCtx& ctx, RangeRequest request) {
  const Errno refused = co_await protect_gate(ctx, request);
  if (refused != Errno::none) co_return IoctlReply::of(refused);
  const bool protects = request.mode & UFFDIO_WRITEPROTECT_MODE_WP;
  const WpChange change = protects ? WpChange::protect : WpChange::resolve;
  const AddrRange range = range_of(request.start, request.length);
  const Errno error = co_await ctx.mm->system->kernel->mwriteprotect_range(ctx, range, change);
  co_await mmput(*ctx.mm);
  const bool wakes = error == Errno::none && request.mode == 0;
  if (wakes) co_await wake_userfault(ctx, range);
  co_return IoctlReply::of(error);
}

}  // namespace model
