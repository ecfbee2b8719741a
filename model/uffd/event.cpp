// SPDX-License-Identifier: Apache-2.0
// Follows fs/userfaultfd.c: userfaultfd_event_wait_completion, userfaultfd_remove, userfaultfd_unmap_prep,
// userfaultfd_unmap_complete, mremap_userfaultfd_prep, mremap_userfaultfd_complete and
// vma_has_uffd_without_event_remap.
#include "model/uffd/event.hpp"

#include "model/kernels/kernel.hpp"
#include "model/uffd/userfault.hpp"

namespace model {

sim::Task<void> mmap_changing_begin(UserfaultfdCtx& ctx) {
  co_await ctx.map_changing_lock.write_lock();
  ctx.mmap_changing.write(ctx.mmap_changing.read() + 1);
  ctx.map_changing_lock.write_unlock();
}

bool mmap_is_changing(const UserfaultfdCtx& ctx) { return ctx.mmap_changing.read() != 0; }

sim::Task<EventEnd> userfaultfd_event_wait_completion(UserfaultfdCtx& ctx, Message event) {
  Waiter waiter;
  EventEnd end = EventEnd::read;
  waiter.message.write(event);
  co_await ctx.event_wqh.lock.lock();
  ctx.event_wqh.add(waiter);  // from here the monitor can read it
  sim::note("queues its event");
  for (;;) {
    sim::set_current_state(sim::RunState::sleeping);
    if (waiter.message.read().event == 0) break;
    if (ctx.released.read() || sim::current_thread().fatal_signal) {
      ctx.event_wqh.remove(waiter);
      end = EventEnd::withdrawn;
      break;
    }
    ctx.event_wqh.lock.unlock();
    co_await wake_up_poll(ctx);
    co_await sim::schedule("userfaultfd_event_wait_completion");
    co_await ctx.event_wqh.lock.lock();
  }
  sim::set_current_state(sim::RunState::running);
  ctx.event_wqh.lock.unlock();

  // Reading the event did not end the change: only now may data ioctls go on.
  co_await sim::point("mmap_changing");
  ctx.mmap_changing.write(ctx.mmap_changing.read() - 1);
  userfaultfd_ctx_put(ctx);
  co_return end;
}

sim::Task<MmapLock> userfaultfd_remove(Mm& mm, Vma& vma, AddrRange range) {
  UserfaultfdCtx* ctx = vma.state.read().ctx;
  if (!ctx || !ctx->has_feature(UFFD_FEATURE_EVENT_REMOVE)) co_return MmapLock::kept;
  userfaultfd_ctx_get(*ctx);
  co_await mm.system->kernel->mmap_changing_begin(*ctx);
  mm.mmap_lock.read_unlock();
  const Message event{.event = UFFD_EVENT_REMOVE, .start = range.start, .end = range.end};
  const EventEnd end = co_await userfaultfd_event_wait_completion(*ctx, event);
  static_cast<void>(end);
  co_return MmapLock::released;
}

sim::Task<void> PendingUnmaps::prepare(Vma& vma, AddrRange range) {
  UserfaultfdCtx* ctx = vma.state.read().ctx;
  if (!ctx || !ctx->has_feature(UFFD_FEATURE_EVENT_UNMAP)) co_return;
  for (int i = 0; i < count_; ++i) {
    if (owed_[i].ctx == ctx && owed_[i].range == range) co_return;
  }
  SIM_ASSERT(count_ < kMost);
  userfaultfd_ctx_get(*ctx);
  co_await ctx->mm->system->kernel->mmap_changing_begin(*ctx);
  owed_[count_++] = {ctx, range};
}

sim::Task<void> PendingUnmaps::complete() {
  for (int i = 0; i < count_; ++i) {
    const Message event{.event = UFFD_EVENT_UNMAP, .start = owed_[i].range.start, .end = owed_[i].range.end};
    const EventEnd end = co_await userfaultfd_event_wait_completion(*owed_[i].ctx, event);
    static_cast<void>(end);
  }
  count_ = 0;
}

sim::Task<void> PendingRemap::prepare(Mm& mm, Vma& vma) {
  UserfaultfdCtx* ctx = vma.state.read().ctx;
  if (!ctx) co_return;
  if (ctx->has_feature(UFFD_FEATURE_EVENT_REMAP)) {
    userfaultfd_ctx_get(*ctx);
    co_await mm.system->kernel->mmap_changing_begin(*ctx);
    ctx_ = ctx;
    co_return;
  }
  co_await vma_start_write(mm, vma);
  Vma::State& state = vma.state.modify();
  state.flags = static_cast<VmFlagBits>(state.flags & ~kUffdModes);
  state.ctx = nullptr;
}

sim::Task<void> PendingRemap::complete(AddrRange from, VirtAddr to) {
  if (!ctx_) co_return;
  const Message event{.event = UFFD_EVENT_REMAP, .start = from.start, .end = to, .length = from.bytes()};
  const EventEnd end = co_await userfaultfd_event_wait_completion(*ctx_, event);
  static_cast<void>(end);
  ctx_ = nullptr;
}

bool moves_out_of_its_uffd(const Vma& vma) {
  const UserfaultfdCtx* ctx = vma.state.read().ctx;
  return ctx && !ctx->has_feature(UFFD_FEATURE_EVENT_REMAP);
}

MovedWp moved_wp_of(const Vma& vma) { return moves_out_of_its_uffd(vma) ? MovedWp::dropped : MovedWp::kept; }

MovedWp moved_wp_kept(const Vma&) { return MovedWp::kept; }

}  // namespace model
