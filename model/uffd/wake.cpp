// SPDX-License-Identifier: Apache-2.0
// Follows fs/userfaultfd.c: wake_userfault.
#include "model/kernels/kernel.hpp"
#include "model/uffd/userfault.hpp"

namespace model {
namespace {

std::uint8_t bit_of_this_thread() { return static_cast<std::uint8_t>(1u << sim::current.thread); }

bool refile_done(const void* ctx, sim::ThreadId) {
  return !static_cast<const UserfaultfdCtx*>(ctx)->refile_seq.peek().writing;
}

// read_seqcount_begin(): waits until nobody is moving a waiter.
sim::PointWhen refile_seq_begin(UserfaultfdCtx& ctx) { return {refile_done, &ctx, "refile_seq"}; }

// read_seqcount_retry(): whether a waiter was moved since the begin.
bool refile_seq_retry(UserfaultfdCtx& ctx) {
  UserfaultfdCtx::RefileSeq& seq = ctx.refile_seq.modify();
  const std::uint8_t me = bit_of_this_thread();
  const bool changed = seq.changed & me;
  seq.looking = static_cast<std::uint8_t>(seq.looking & ~me);
  seq.changed = static_cast<std::uint8_t>(seq.changed & ~me);
  return changed;
}

}  // namespace

sim::Task<bool> userfault_waiters(UserfaultfdCtx& ctx) {
  for (;;) {
    co_await refile_seq_begin(ctx);
    UserfaultfdCtx::RefileSeq& seq = ctx.refile_seq.modify();
    seq.looking = static_cast<std::uint8_t>(seq.looking | bit_of_this_thread());
    bool need_wakeup = ctx.fault_pending_wqh.active();
    co_await sim::point("waitqueue_active(fault_wqh)");
    need_wakeup = need_wakeup || ctx.fault_wqh.active();
    if (!refile_seq_retry(ctx)) co_return need_wakeup;
  }
}

sim::Task<void> wake_userfault(UserfaultfdCtx& ctx, AddrRange range) {
  const bool need_wakeup = co_await ctx.mm->system->kernel->userfault_waiters(ctx);
  if (!need_wakeup) co_return;
  const auto faulted_inside = [&](const Waiter& waiter) {
    return range.contains(waiter.message.read().start);
  };
  co_await ctx.fault_pending_wqh.lock.lock();
  ctx.fault_pending_wqh.wake_and_remove(faulted_inside);
  co_await ctx.fault_wqh.lock.lock();
  ctx.fault_wqh.wake_and_remove(faulted_inside);
  ctx.fault_wqh.lock.unlock();
  ctx.fault_pending_wqh.lock.unlock();
}

sim::Task<void> wake_all_userfaults(UserfaultfdCtx& ctx) {
  const auto everybody = [](const Waiter&) { return true; };
  co_await ctx.fault_pending_wqh.lock.lock();
  ctx.fault_pending_wqh.wake_and_remove(everybody);
  co_await ctx.fault_wqh.lock.lock();
  ctx.fault_wqh.wake_and_remove(everybody);
  ctx.fault_wqh.lock.unlock();
  ctx.fault_pending_wqh.lock.unlock();
}

sim::Task<void> wake_up_poll(UserfaultfdCtx& ctx) {
  co_await ctx.fd_wqh.lock.lock();
  ctx.fd_wqh.wake_all();
  ctx.fd_wqh.lock.unlock();
}

}  // namespace model
