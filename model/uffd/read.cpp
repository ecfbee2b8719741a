// SPDX-License-Identifier: Apache-2.0
// Follows fs/userfaultfd.c: userfaultfd_ctx_read.
#include "model/uffd/read.hpp"

#include <fcntl.h>

#include <utility>

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
void userfaultfd_event_complete(UserfaultfdCtx& ctx, Waiter& waiter) {
  waiter.message.modify().event = 0;
  sim::wake_up(waiter.thread);
  ctx.event_wqh.remove(waiter);
}

// The oldest event. A FORK waits on `forks` from here on, until its descriptor is there; the others are done
// with. Called with event_wqh.lock held.
Message take_event(UserfaultfdCtx& ctx, List<Waiter, &Waiter::link>& forks) {
  Waiter& waiter = ctx.event_wqh.oldest();
  const Message message = waiter.message.read();
  if (message.event != UFFD_EVENT_FORK) {
    userfaultfd_event_complete(ctx, waiter);
    return message;
  }
  ctx.event_wqh.begin_move(waiter);
  forks.push_back(waiter);
  userfaultfd_ctx_get(*message.forked);  // the forking thread may give up meanwhile
  return message;
}

// Installs the descriptor of the child's context. Called with no lock held. Follows resolve_userfault_fork,
// and what userfaultfd_ctx_read does around it.
sim::Task<Errno> resolve_userfault_fork(UserfaultfdCtx& ctx, Process& reader, Message& message,
                                        List<Waiter, &Waiter::link>& forks) {
  UserfaultfdCtx& forked = *std::exchange(message.forked, nullptr);
  co_await sim::point("anon_inode_getfd");
  const Result<int> fd = anon_inode_getfd(reader, forked);
  if (fd) message.fd = static_cast<std::int8_t>(*fd);
  co_await ctx.event_wqh.lock.lock();
  const bool gave_up = forks.empty();
  if (!gave_up) {
    userfaultfd_ctx_put(forked);  // the reference that the forking thread had is the descriptor's now
    Waiter& waiter = forks.front();
    forks.erase(waiter);
    ctx.event_wqh.put_back(waiter);
    if (fd) userfaultfd_event_complete(ctx, waiter);
  } else if (!fd) {
    userfaultfd_ctx_put(forked);
  }
  ctx.event_wqh.lock.unlock();
  co_return fd ? Errno::none : fd.error();
}

// What can be read now; event 0 if nothing can. Called with fd_wqh.lock held.
sim::Task<Message> take_message(UserfaultfdCtx& ctx, List<Waiter, &Waiter::link>& forks) {
  Message message;
  co_await ctx.fault_pending_wqh.lock.lock();
  if (ctx.fault_pending_wqh.active()) message = co_await refile(ctx);
  ctx.fault_pending_wqh.lock.unlock();
  if (message.event != 0) co_return message;
  co_await ctx.event_wqh.lock.lock();
  if (ctx.event_wqh.active()) message = take_event(ctx, forks);
  ctx.event_wqh.lock.unlock();
  co_return message;
}

}  // namespace

sim::Task<ReadReply> userfaultfd_read(UserfaultfdCtx& ctx, Process& reader_process) {
  co_await sim::point("userfaultfd_read");
  if (!ctx.initialized()) co_return ReadReply{.error = Errno::inval};
  Waiter reader;
  ReadReply reply;
  List<Waiter, &Waiter::link> forks;
  co_await ctx.fd_wqh.lock.lock();
  ctx.fd_wqh.add(reader);
  for (;;) {
    sim::set_current_state(sim::RunState::sleeping);
    reply.message = co_await take_message(ctx, forks);
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
  if (reply.message.forked) {
    reply.error = co_await resolve_userfault_fork(ctx, reader_process, reply.message, forks);
  }
  co_return reply;
}

}  // namespace model
