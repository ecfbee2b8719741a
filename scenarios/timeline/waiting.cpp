// SPDX-License-Identifier: Apache-2.0
#include "scenarios/timeline/waiting.hpp"

#include <fmt/format.h>

#include "scenarios/language/word.hpp"
#include "traces/model/world.hpp"

namespace timeline {
namespace {

using model::UserfaultfdCtx;
using model::Waiter;
using model::WaitQueue;

const Waiter* waiter_of(const WaitQueue& queue, sim::ThreadId thread) {
  for (const Waiter& waiter : queue.peek()) {
    if (waiter.thread == thread) return &waiter;
  }
  return nullptr;
}

// Which mutex of the program this is, or -1.
int mutex_of(const traces::ProgramWorld& world, const sim::Wait& wait) {
  for (std::size_t i = 0; i < world.prepared->program.mutexes.size(); ++i) {
    if (wait.object == &world.mutexes[i]) return static_cast<int>(i);
  }
  return -1;
}

Waiting on_lock(const sim::World& world, sim::ThreadId id) {
  const traces::ProgramWorld& program_world = traces::program_world(world);
  const sim::Wait& wait = world.thread(id).wait;
  Waiting waiting{.on = Waiting::On::lock, .holder = wait.holder(wait.object)};
  waiting.mutex = mutex_of(program_world, wait);
  std::string lock = wait.what;
  if (waiting.mutex >= 0) {
    waiting.on = Waiting::On::mutex;
    lock = "mutex " + program_world.prepared->program.mutexes[static_cast<std::size_t>(waiting.mutex)];
  }
  if (waiting.holder == sim::kNoThread) {
    waiting.text = fmt::format("waits for {}, behind others in its queue", lock);
  } else if (waiting.holder == id) {
    waiting.text = fmt::format("waits for {}, which it holds itself", lock);
  } else {
    waiting.text = fmt::format("waits for {}, held by {}", lock, world.thread(waiting.holder).name);
  }
  return waiting;
}

Waiting on_fault(Waiting::On on, const traces::Layout& layout, const Waiter& waiter, std::string_view what_became) {
  const model::VirtAddr at = waiter.message.peek().start;
  return {.on = on,
          .text = fmt::format("sleeps: its fault at {} {}", layout.name_of(at), what_became),
          .at = at};
}

std::string event_text(const traces::Layout& layout, const Waiter& waiter) {
  const model::Message& message = waiter.message.peek();
  const traces::Value event{.kind = traces::ValueKind::message,
                            .event = message.event,
                            .start = message.start.value,
                            .end = message.end.value};
  return "sleeps until somebody reads its event " + language::word({event, true}, layout);
}

// On which queue of the context the thread is.
Waiting on_queue(const traces::Layout& layout, const UserfaultfdCtx& ctx, const std::string& uffd,
                 sim::ThreadId thread) {
  using On = Waiting::On;
  if (const Waiter* waiter = waiter_of(ctx.fault_pending_wqh, thread)) {
    return on_fault(On::unread_fault, layout, *waiter, fmt::format("waits to be read from {}", uffd));
  }
  if (const Waiter* waiter = waiter_of(ctx.fault_wqh, thread)) {
    return on_fault(On::unresolved_fault, layout, *waiter, "was read, and is not resolved");
  }
  if (const Waiter* waiter = waiter_of(ctx.event_wqh, thread)) {
    return {.on = On::unread_event, .text = event_text(layout, *waiter)};
  }
  if (waiter_of(ctx.fd_wqh, thread)) {
    return {.on = On::message, .text = fmt::format("sleeps: there is nothing to read from {}", uffd)};
  }
  return {};
}

Waiting asleep(const sim::World& world, sim::ThreadId id) {
  const traces::ProgramWorld& program_world = traces::program_world(world);
  const traces::Program& program = program_world.prepared->program;
  for (std::size_t i = 0; i < program.epolls.size(); ++i) {
    for (const Waiter& waiter : program_world.machine->epolls[i].wq.peek()) {
      if (waiter.thread != id) continue;
      return {.on = Waiting::On::epoll, .text = fmt::format("waits in epoll_wait of {}", program.epolls[i])};
    }
  }
  for (std::size_t i = 0; i < program.uffds.size(); ++i) {
    const model::File* file = program_world.peek_file(i);
    if (!file) continue;
    Waiting found = on_queue(program_world.prepared->layout, *file->ctx, program.uffds[i].name, id);
    found.uffd = static_cast<int>(i);
    if (found.on != Waiting::On::nothing) return found;
  }
  Waiting elsewhere;  // no name of the first process stands for it
  program_world.machine->contexts.for_each([&](const UserfaultfdCtx& ctx) {
    if (elsewhere.on != Waiting::On::nothing) return;
    elsewhere = on_queue(program_world.prepared->layout, ctx, "a userfaultfd of another process", id);
  });
  if (elsewhere.on != Waiting::On::nothing) return elsewhere;
  return {.on = Waiting::On::elsewhere,
          .text = fmt::format("sleeps in {}, and is on no queue of any open userfaultfd: nobody can wake it",
                              world.thread(id).wait.what)};
}

}  // namespace

Waiting waiting(const sim::World& world, sim::ThreadId id) {
  if (world.finished(id) || world.runnable(id)) return {};
  const sim::Thread& thread = world.thread(id);
  if (thread.wait.holder) return on_lock(world, id);
  if (!traces::program_world(world).threads[id].born) {
    return {.on = Waiting::On::birth, .text = "was never born: nobody forked it"};
  }
  if (thread.state == sim::RunState::running) {
    return {.on = Waiting::On::elsewhere, .text = fmt::format("waits for {}", thread.wait.what)};
  }
  return asleep(world, id);
}

}  // namespace timeline
