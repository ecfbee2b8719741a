// SPDX-License-Identifier: Apache-2.0
// Follows fs/userfaultfd.c: userfaultfd_ctx_read.
#include "model/uffd/read.hpp"

#include <fcntl.h>

namespace model {
namespace {

// Moves the oldest pending fault to fault_wqh. In between it is on neither queue, and a waker who looks
// without a lock must not conclude that nobody waits. Called with fault_pending_wqh.lock held.
sim::Task<Message> refile(UserfaultfdCtx& ctx) {
  Waiter& waiter = ctx.fault_pending_wqh.oldest();
  UserfaultfdCtx::RefileSeq& begin = ctx.refile_seq.modify();
  begin.writing = true;
  begin.changed = begin.looking;
  ctx.fault_pending_wqh.begin_move(waiter);
  co_await ctx.fault_wqh.lock.lock();
  ctx.fault_wqh.add(waiter);
  ctx.fault_wqh.lock.unlock();
  ctx.refile_seq.modify().writing = false;
  co_return waiter.message.read();
}

// The thread that raised the event may go on. Called with event_wqh.lock held.
Message userfaultfd_event_complete(UserfaultfdCtx& ctx) {
  Waiter& waiter = ctx.event_wqh.oldest();
  const Message message = waiter.message.read();
  waiter.message.modify().event = 0;
  sim::wake_up(waiter.thread);
  ctx.event_wqh.remove(waiter);
  return message;
}

// What can be read now; event 0 if nothing can. Called with fd_wqh.lock held.
sim::Task<Message> take_message(UserfaultfdCtx& ctx) {
  Message message;
  co_await ctx.fault_pending_wqh.lock.lock();
  if (ctx.fault_pending_wqh.active()) message = co_await refile(ctx);
  ctx.fault_pending_wqh.lock.unlock();
  if (message.event != 0) co_return message;
  co_await ctx.event_wqh.lock.lock();
  if (ctx.event_wqh.active()) message = userfaultfd_event_complete(ctx);
  ctx.event_wqh.lock.unlock();
  co_return message;
}

}  // namespace

sim::Task<ReadReply> userfaultfd_read(UserfaultfdCtx& ctx) {
  co_await sim::point("userfaultfd_read");
  if (!ctx.initialized()) co_return ReadReply{.error = Errno::inval};
  Waiter reader;
  ReadReply reply;
  co_await ctx.fd_wqh.lock.lock();
  ctx.fd_wqh.add(reader);
  for (;;) {
    sim::set_current_state(sim::RunState::sleeping);
    reply.message = co_await take_message(ctx);
    if (reply.message.event != 0) break;
    if (sim::current_thread().fatal_signal) {
      reply.error = Errno::intr;
      break;
    }
    if (ctx.flags & O_NONBLOCK) {
      reply.error = Errno::again;
      break;
    }
    ctx.fd_wqh.lock.unlock();
    co_await sim::schedule("userfaultfd_read");
    co_await ctx.fd_wqh.lock.lock();
  }
  ctx.fd_wqh.remove(reader);
  sim::set_current_state(sim::RunState::running);
  ctx.fd_wqh.lock.unlock();
  co_return reply;
}

}  // namespace model
