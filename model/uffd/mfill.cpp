// SPDX-License-Identifier: Apache-2.0
// Follows mm/userfaultfd.c: mfill_atomic, and the ioctls around it in fs/userfaultfd.c.
#include "model/uffd/mfill.hpp"

#include "model/kernels/kernel.hpp"
#include "model/mm/rmap.hpp"
#include "model/uffd/range.hpp"
#include "model/uffd/userfault.hpp"

namespace model {
namespace {

const Kernel& kernel_of(const UserfaultfdCtx& ctx) { return *ctx.mm->system->kernel; }

bool valid_destination(const Vma* vma, AddrRange destination) {
  return vma && vma->contains(destination.start) && destination.end <= vma->end() && vma->state.read().ctx;
}

}  // namespace

sim::Task<Vma*> uffd_lock_vma(Mm& mm, VirtAddr address) {
  Vma* vma = co_await lock_vma_under_rcu(mm, address);
  if (vma && (vma->shared() || vma->state.read().anon_vma)) co_return vma;
  if (vma) vma->lock.read_unlock();
  co_await mm.mmap_lock.read_lock();
  vma = mm.vmas.vma_lookup(address);
  if (vma) {
    if (!vma->shared()) co_await anon_vma_prepare(mm, *vma);
    vma_start_read_locked(*vma);
  }
  mm.mmap_lock.read_unlock();
  co_return vma;
}

sim::Task<IoctlReply> mfill_gate(UserfaultfdCtx& ctx, const RangeRequest& request,
                                 std::uint64_t known_modes) {
  co_await sim::point("mmap_changing");
  if (!ctx.initialized()) co_return IoctlReply::of(Errno::inval);
  if (kernel_of(ctx).mmap_is_changing(ctx)) {
    IoctlReply refused = IoctlReply::stored(Errno::again);
    if (request.argument == UserPointer::unreadable) refused = IoctlReply::of(Errno::fault);
    if (kernel_of(ctx).field_of_busy_context == FieldState::untouched) refused = IoctlReply::of(Errno::again);
    co_return refused;
  }
  if (request.argument == UserPointer::unreadable) co_return IoctlReply::of(Errno::fault);
  const Errno valid = validate_range(request.start, request.length);
  if (valid != Errno::none) co_return IoctlReply::of(valid);
  if (request.mode & ~known_modes) co_return IoctlReply::of(Errno::inval);
  if (mmget_not_zero(*ctx.mm) == MmUser::refused) co_return IoctlReply::of(Errno::srch);
  co_return IoctlReply{};
}

sim::Task<MfillLock> mfill_lock_vma(UserfaultfdCtx& ctx, AddrRange destination) {
  Vma* vma = co_await uffd_lock_vma(*ctx.mm, destination.start);
  if (!valid_destination(vma, destination)) {
    if (vma) vma->lock.read_unlock();
    co_return MfillLock{.error = Errno::noent};
  }
  co_await ctx.map_changing_lock.read_lock();
  if (kernel_of(ctx).mmap_is_changing(ctx)) {
    ctx.map_changing_lock.read_unlock();
    vma->lock.read_unlock();
    co_return MfillLock{.error = Errno::again};
  }
  co_return MfillLock{.vma = vma};
}

void mfill_unlock_vma(UserfaultfdCtx& ctx, MfillLock lock) {
  ctx.map_changing_lock.read_unlock();
  lock.vma->lock.read_unlock();
}

sim::Task<MfillLock> mfill_lock_mmap(UserfaultfdCtx& ctx, AddrRange destination) {
  Mm& mm = *ctx.mm;
  co_await mm.mmap_lock.read_lock();
  MfillLock lock;
  if (kernel_of(ctx).mmap_is_changing(ctx)) {
    lock.error = Errno::again;
  } else {
    lock.vma = mm.vmas.vma_lookup(destination.start);
    if (!valid_destination(lock.vma, destination)) lock.error = Errno::noent;
  }
  if (lock.error != Errno::none) {
    mm.mmap_lock.read_unlock();
  } else if (!lock.vma->shared()) {
    co_await anon_vma_prepare(mm, *lock.vma);
  }
  co_return lock;
}

void mfill_unlock_mmap(UserfaultfdCtx& ctx, MfillLock) { ctx.mm->mmap_lock.read_unlock(); }

sim::Task<PageTable*> mfill_leaf(Mm& mm, VirtAddr address) {
  PageTables& tables = mm.page_tables;
  if (!tables.leaf(address)) {
    co_await tables.page_table_lock().lock();
    tables.alloc_leaf(address);
    tables.page_table_lock().unlock();
  }
  co_return tables.leaf(address);
}

sim::Task<PageTable*> mfill_lock_pte(Mm& mm, VirtAddr address) {
  PageTable* leaf = co_await mfill_leaf(mm, address);
  co_await leaf->ptl.lock();
  co_return leaf;
}

Errno any_mapping(const Vma&, std::uint64_t) { return Errno::none; }

sim::Task<IoctlReply> mfill_with(UserfaultfdCtx& ctx, RangeRequest request, MfillOperation operation) {
  const IoctlReply refused = co_await mfill_gate(ctx, request, operation.known_modes);
  if (refused.error != Errno::none) co_return refused;
  const AddrRange range = range_of(request.start, request.length);
  std::uint64_t filled = 0;
  const MfillLock lock = co_await kernel_of(ctx).mfill_lock(ctx, range);
  Errno error = lock.error;
  if (error == Errno::none) {
    error = operation.allowed(*lock.vma, request.mode);
    const PageSize size = lock.vma->page_size();
    const auto fill = size == PageSize::huge ? operation.huge_page : operation.page;
    if (!fill || !is_aligned(range, size)) error = Errno::inval;
    while (error == Errno::none && filled < range.bytes()) {
      const VirtAddr address{range.start.value + filled};
      error = co_await fill(*ctx.mm, *lock.vma, address, request.mode);
      if (error == Errno::none) filled += bytes_of(size);
      if (sim::current_thread().fatal_signal) break;
    }
    kernel_of(ctx).mfill_unlock(ctx, lock);
  }
  const IoctlReply reply = co_await mfill_reply(ctx, range, filled, error, request.mode);
  co_return reply;
}

sim::Task<IoctlReply> mfill_reply(UserfaultfdCtx& ctx, AddrRange range, std::uint64_t filled, Errno error,
                                  std::uint64_t mode) {
  co_await mmput(*ctx.mm);
  if (filled == 0) co_return IoctlReply::stored(error);
  if (!(mode & UFFDIO_COPY_MODE_DONTWAKE)) {
    co_await wake_userfault(ctx, {range.start, {range.start.value + filled}});
  }
  const Errno result = filled == range.bytes() ? Errno::none : Errno::again;
  co_return IoctlReply::with(result, static_cast<std::int64_t>(filled));
}

}  // namespace model
