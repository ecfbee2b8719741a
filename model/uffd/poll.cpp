// SPDX-License-Identifier: Apache-2.0
// Follows fs/userfaultfd.c: userfaultfd_poll.
#include <fcntl.h>
#include <poll.h>

#include "model/uffd/read.hpp"

namespace model {
namespace {

sim::Task<std::uint8_t> ready_events(UserfaultfdCtx& ctx) {
  co_await sim::point("userfaultfd_poll");
  // A blocking descriptor cannot be polled: a read after POLLIN might still sleep.
  if (!ctx.initialized() || !(ctx.flags & O_NONBLOCK)) co_return std::uint8_t{POLLERR};
  if (ctx.fault_pending_wqh.active()) co_return std::uint8_t{POLLIN};
  co_await sim::point("waitqueue_active(event_wqh)");
  if (ctx.event_wqh.active()) co_return std::uint8_t{POLLIN};
  co_return std::uint8_t{0};
}

}  // namespace

sim::Task<std::uint8_t> userfaultfd_poll(UserfaultfdCtx& ctx, PollWait wait) {
  if (wait == PollWait::not_at_all) {
    const std::uint8_t events = co_await ready_events(ctx);
    co_return events;
  }
  Waiter poller;
  co_await ctx.fd_wqh.lock.lock();
  ctx.fd_wqh.add(poller);
  ctx.fd_wqh.lock.unlock();
  std::uint8_t events = 0;
  for (;;) {
    sim::set_current_state(sim::RunState::sleeping);
    events = co_await ready_events(ctx);
    if (events != 0 || sim::current_thread().fatal_signal) break;
    co_await sim::schedule("poll");
  }
  sim::set_current_state(sim::RunState::running);
  co_await ctx.fd_wqh.lock.lock();
  ctx.fd_wqh.remove(poller);
  ctx.fd_wqh.lock.unlock();
  co_return events;
}

}  // namespace model
