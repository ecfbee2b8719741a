// SPDX-License-Identifier: Apache-2.0
// Follows fs/userfaultfd.c: userfaultfd_read and userfaultfd_ctx_read.
#include "model/uffd/read.hpp"

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

// The oldest event. A FORK is in hand from here on, until its descriptor is there; the others are done with.
// Called with event_wqh.lock held.
Message take_event(UserfaultfdCtx& ctx) {
  Waiter& waiter = ctx.event_wqh.oldest();
  const Message message = waiter.message.read();
  if (message.event != UFFD_EVENT_FORK) {
    userfaultfd_event_complete(ctx, waiter);
    return message;
  }
  ctx.event_wqh.begin_move(waiter);
  ctx.forks_in_hand.push_back(waiter);
  userfaultfd_ctx_get(*message.forked);  // the forking thread may give up meanwhile
  return message;
}

// Null if the forking thread has given up meanwhile. Called with event_wqh.lock held.
Waiter* fork_in_hand(UserfaultfdCtx& ctx, const UserfaultfdCtx& forked) {
  for (Waiter& waiter : ctx.forks_in_hand) {
    if (waiter.message.read().forked == &forked) return &waiter;
  }
  return nullptr;
}

Errno install(Process& reader, UserfaultfdCtx& forked, Message& message) {
  const Result<int> fd = anon_inode_getfd(reader, forked);
  if (!fd) return fd.error();
  message.fd = static_cast<std::int8_t>(*fd);
  return Errno::none;
}

// Installs the descriptor of the child's context. Called with no lock held. Follows resolve_userfault_fork,
// and what userfaultfd_ctx_read does around it.
sim::Task<Errno> resolve_userfault_fork(UserfaultfdCtx& ctx, Process& reader, Message& message) {
  UserfaultfdCtx& forked = *std::exchange(message.forked, nullptr);
  co_await sim::point("anon_inode_getfd");
  const Errno error = install(reader, forked, message);
  co_await ctx.event_wqh.lock.lock();
  Waiter* waiter = fork_in_hand(ctx, forked);
  if (waiter) {
    userfaultfd_ctx_put(forked);  // the reference that the forking thread had is the descriptor's now
    ctx.forks_in_hand.erase(*waiter);
    ctx.event_wqh.put_back(*waiter);
    if (error == Errno::none) userfaultfd_event_complete(ctx, *waiter);
  } else if (error != Errno::none) {
    userfaultfd_ctx_put(forked);
  }
  ctx.event_wqh.lock.unlock();
  co_return error;
}

// What can be read now; event 0 if nothing can. Called with fd_wqh.lock held.
sim::Task<Message> take_message(UserfaultfdCtx& ctx) {
  Message message;
  co_await ctx.fault_pending_wqh.lock.lock();
  if (ctx.fault_pending_wqh.active()) message = co_await refile(ctx);
  ctx.fault_pending_wqh.lock.unlock();
  if (message.event != 0) co_return message;
  co_await ctx.event_wqh.lock.lock();
  if (ctx.event_wqh.active()) message = take_event(ctx);
  ctx.event_wqh.lock.unlock();
  co_return message;
}

enum class Waits : std::uint8_t { no, yes };

// One message. Source: uffd-semantics §11.
struct OneReply {
  Errno error = Errno::none;
  std::array<std::uint8_t, 7> padding{};
  Message message{};
};
static_assert(std::has_unique_object_representations_v<OneReply>, "padding would tell equal worlds apart");

sim::Task<OneReply> userfaultfd_ctx_read(UserfaultfdCtx& ctx, Process& reader_process, Waits waits) {
  Waiter reader;
  OneReply reply;
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
    if (waits == Waits::no) {
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
    reply.error = co_await resolve_userfault_fork(ctx, reader_process, reply.message);
  }
  co_return reply;
}

void copy_to_user(ReadBuffer& buffer, std::uint32_t index, const Message& message) {
  sim::touch(buffer.messages + index, sizeof(Message), sim::Access::write);
  buffer.messages[index] = message;
}

}  // namespace

sim::Task<ReadReply> userfaultfd_read(File& file, Process& reader, ReadBuffer buffer) {
  co_await sim::point("userfaultfd_read");
  ReadReply reply;
  if (!file.ctx->initialized()) {
    reply.error = Errno::inval;
    co_return reply;
  }
  Waits waits = file.nonblock() ? Waits::no : Waits::yes;  // asked once: a change finds no sleeper
  const std::uint64_t most = buffer.room / kMessageBytes;
  if (most == 0) reply.error = Errno::inval;
  while (reply.count < most) {
    const OneReply one = co_await userfaultfd_ctx_read(*file.ctx, reader, waits);
    Errno error = one.error;
    if (error == Errno::none && buffer.pointer == UserPointer::unreadable) error = Errno::fault;
    if (error != Errno::none) {
      if (reply.count == 0) reply.error = error;
      break;
    }
    copy_to_user(buffer, reply.count, one.message);
    ++reply.count;
    waits = Waits::no;
  }
  co_return reply;
}

}  // namespace model
