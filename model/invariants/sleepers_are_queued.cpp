// SPDX-License-Identifier: Apache-2.0
#include <cstring>

#include "model/invariants/invariant.hpp"

namespace model {
namespace {

bool waits_on(const WaitQueue& queue, sim::ThreadId thread) {
  for (const Waiter& waiter : queue.peek()) {
    if (waiter.thread == thread) return true;
  }
  return false;
}

bool in_hand(const UserfaultfdCtx& ctx, sim::ThreadId thread) {
  for (const Waiter& waiter : ctx.forks_in_hand.peek()) {
    if (waiter.thread == thread) return true;
  }
  return false;
}

bool in_epoll_wait(Machine& machine, sim::ThreadId thread) {
  for (const EventPoll& ep : machine.all_epolls()) {
    for (const Waiter& waiter : ep.wq.peek()) {
      if (waiter.thread == thread) return true;
    }
  }
  return false;
}

bool queued_somewhere(Machine& machine, sim::ThreadId thread) {
  bool found = in_epoll_wait(machine, thread);
  machine.contexts.for_each([&](const UserfaultfdCtx& ctx) {
    found = found || waits_on(ctx.fault_pending_wqh, thread) || waits_on(ctx.fault_wqh, thread) ||
            waits_on(ctx.event_wqh, thread) || in_hand(ctx, thread) || waits_on(ctx.fd_wqh, thread);
  });
  return found;
}

std::string broken(Machine& machine) {
  const sim::World& world = *sim::current.world;
  for (sim::ThreadId id = 0; id < world.thread_count(); ++id) {
    const sim::Thread& thread = world.thread(id);
    const bool asleep = thread.innermost && thread.state == sim::RunState::sleeping && !thread.fatal_signal;
    // Between the two fault queues a waiter is on neither; whoever moves it holds fault_pending_wqh.lock.
    bool refiling = false;
    machine.contexts.for_each(
        [&](const UserfaultfdCtx& ctx) { refiling = refiling || ctx.refile_seq.peek().writing; });
    if (asleep && !refiling && !queued_somewhere(machine, id)) {
      return std::string(thread.name) + " sleeps and is on no queue";
    }
  }
  return {};
}

}  // namespace

constinit const Invariant sleepers_are_queued{
    "sleepers-are-queued", "A thread that sleeps in the kernel is on a queue from which it can be woken.",
    broken};

}  // namespace model
