// SPDX-License-Identifier: Apache-2.0
// Follows fs/userfaultfd.c: userfaultfd_release.
#include "model/mm/vma_modify.hpp"
#include "model/uffd/api.hpp"
#include "model/uffd/uffd_wp_range.hpp"
#include "model/uffd/userfault.hpp"

namespace model {
namespace {

// Called with mmap_lock held for writing.
sim::Task<void> userfaultfd_release_all(Mm& mm, UserfaultfdCtx& ctx) {
  Vma* vma = mm.vmas.find_vma(VirtAddr{0});
  while (vma) {
    const Vma::State state = vma->state.read();
    if (state.ctx == &ctx) {
      if (vma->userfaultfd_wp()) co_await uffd_wp_range(mm, *vma, state.range, WpChange::resolve);
      const auto flags = static_cast<VmFlagBits>(state.flags & ~kUffdModes);
      vma = co_await vma_modify_flags_uffd(mm, *vma, state.range, flags, nullptr);
    }
    vma = mm.vmas.find_vma(state.range.end);
  }
}

}  // namespace

sim::Task<void> userfaultfd_release(UserfaultfdCtx& ctx) {
  co_await sim::point("userfaultfd_release");
  ctx.released.write(true);
  Mm& mm = *ctx.mm;
  if (mmget_not_zero(mm) == MmUser::counted) {
    co_await mm.mmap_lock.write_lock();
    co_await userfaultfd_release_all(mm, ctx);
    mm.mmap_write_unlock();
    co_await mmput(mm);
  }
  // Nobody can queue a fault any more; those who did try again, and fault like anybody else.
  const auto everybody = [](const Waiter&) { return true; };
  co_await ctx.fault_pending_wqh.lock.lock();
  ctx.fault_pending_wqh.wake_and_remove(everybody);
  co_await ctx.fault_wqh.lock.lock();
  ctx.fault_wqh.wake_and_remove(everybody);
  ctx.fault_wqh.lock.unlock();
  ctx.fault_pending_wqh.lock.unlock();

  co_await ctx.event_wqh.lock.lock();
  ctx.event_wqh.wake_all();
  ctx.event_wqh.lock.unlock();
  co_await wake_up_poll(ctx);
  userfaultfd_ctx_put(ctx);
}

}  // namespace model
