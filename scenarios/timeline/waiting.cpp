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

// Which mutex of the program this is, if it is one.
std::string lock_name(const traces::ProgramWorld& world, const sim::Wait& wait) {
  const std::vector<std::string>& names = world.prepared->program.mutexes;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (wait.object == &world.mutexes[i]) return fmt::format("mutex {}", names[i]);
  }
  return wait.what;
}

std::string fault_text(const traces::Layout& layout, const Waiter& waiter, std::string_view what_became) {
  return fmt::format("sleeps: its fault at {} {}", layout.name_of(waiter.message.peek().start), what_became);
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
std::string queue_text(const traces::Layout& layout, const UserfaultfdCtx& ctx, const std::string& uffd,
                       sim::ThreadId thread) {
  if (const Waiter* waiter = waiter_of(ctx.fault_pending_wqh, thread)) {
    return fault_text(layout, *waiter, fmt::format("waits to be read from {}", uffd));
  }
  if (const Waiter* waiter = waiter_of(ctx.fault_wqh, thread)) {
    return fault_text(layout, *waiter, "was read, and is not resolved");
  }
  if (const Waiter* waiter = waiter_of(ctx.event_wqh, thread)) return event_text(layout, *waiter);
  if (waiter_of(ctx.fd_wqh, thread)) return fmt::format("sleeps: there is nothing to read from {}", uffd);
  return "";
}

}  // namespace

std::string why_waiting(const sim::World& world, sim::ThreadId id) {
  if (world.finished(id) || world.runnable(id)) return "";
  const traces::ProgramWorld& program_world = traces::program_world(world);
  const sim::Thread& thread = world.thread(id);
  if (thread.wait.holder) {
    const sim::ThreadId holder = thread.wait.holder(thread.wait.object);
    const std::string lock = lock_name(program_world, thread.wait);
    if (holder == sim::kNoThread) return fmt::format("waits for {}, behind others in its queue", lock);
    if (holder == id) return fmt::format("waits for {}, which it holds itself", lock);
    return fmt::format("waits for {}, held by {}", lock, world.thread(holder).name);
  }
  if (!program_world.threads[id].born) return "was never born: nobody forked it";
  if (thread.state == sim::RunState::running) return fmt::format("waits for {}", thread.wait.what);
  const traces::Program& program = program_world.prepared->program;
  for (std::size_t i = 0; i < program.epolls.size(); ++i) {
    for (const model::Waiter& waiter : program_world.machine->epolls[i].wq.peek()) {
      if (waiter.thread == id) return fmt::format("waits in epoll_wait of {}", program.epolls[i]);
    }
  }
  for (std::size_t i = 0; i < program.uffds.size(); ++i) {
    const model::File* file = program_world.peek_file(i);
    if (!file) continue;
    const std::string text =
        queue_text(program_world.prepared->layout, *file->ctx, program.uffds[i].name, id);
    if (!text.empty()) return text;
  }
  std::string elsewhere;  // no name of the first process stands for it
  program_world.machine->contexts.for_each([&](const UserfaultfdCtx& ctx) {
    const std::string text =
        queue_text(program_world.prepared->layout, ctx, "a userfaultfd of another process", id);
    if (elsewhere.empty()) elsewhere = text;
  });
  if (!elsewhere.empty()) return elsewhere;
  return fmt::format("sleeps in {}, and is on no queue of any open userfaultfd: nobody can wake it",
                     thread.wait.what);
}

}  // namespace timeline
