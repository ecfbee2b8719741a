// SPDX-License-Identifier: Apache-2.0
#include "scenarios/timeline/glimpse.hpp"

#include <fmt/format.h>

#include "scenarios/language/word.hpp"
#include "scenarios/timeline/waiting.hpp"

namespace timeline {
namespace {

std::vector<Frame> stack_of(const sim::Thread& thread) {
  std::vector<Frame> frames;
  for (const sim::TaskPromise* task = thread.innermost; task; task = task->caller) {
    frames.push_back({task->where.function, fmt::format("{}:{}", task->where.file, task->where.line)});
  }
  return frames;
}

ThreadGlimpse thread_at(const sim::World& world, sim::ThreadId id) {
  using State = ThreadGlimpse::State;
  const sim::Thread& thread = world.thread(id);
  ThreadGlimpse seen{.name = thread.name};
  seen.killed = traces::program_world(world).threads[id].killed;
  seen.dozing = thread.state == sim::RunState::sleeping;
  for (int i = 0; i < thread.held_count; ++i) seen.holds.emplace_back(thread.held[i]->lock_class().name);
  if (world.finished(id)) {
    seen.state = State::ended;
    return seen;
  }
  seen.at = thread.wait.what;
  seen.at_lock = thread.wait.holder != nullptr;
  if (traces::program_world(world).threads[id].born) seen.stack = stack_of(thread);
  if (world.runnable(id)) return seen;
  seen.state = seen.at_lock || !seen.dozing ? State::waiting : State::asleep;
  const sim::ThreadId holder = seen.at_lock ? thread.wait.holder(thread.wait.object) : sim::kNoThread;
  if (holder != sim::kNoThread) seen.holder = world.thread(holder).name;
  seen.why = waiting(world, id).text;
  return seen;
}

UffdGlimpse uffd_at(const model::File* file) {
  if (!file) return {};
  const model::UserfaultfdCtx& ctx = *file->ctx;
  return {.open = true,
          .unread = ctx.fault_pending_wqh.length(),
          .unresolved = ctx.fault_wqh.length(),
          .events = ctx.event_wqh.length(),
          .mmap_changing = ctx.mmap_changing.peek()};
}

}  // namespace

Glimpse glimpse(const sim::World& world) {
  const traces::ProgramWorld& program_world = traces::program_world(world);
  const traces::Program& program = program_world.prepared->program;
  const traces::FinalState state = traces::final_state(world, 0);
  Glimpse seen;
  for (sim::ThreadId id = 0; id < world.thread_count(); ++id) seen.threads.push_back(thread_at(world, id));
  for (std::size_t i = 0; i < program.uffds.size(); ++i) {
    seen.uffds.push_back(uffd_at(program_world.peek_file(i)));
  }
  for (const std::vector<traces::FinalState::Page>& region : state.pages) {
    std::vector<std::string>& words = seen.pages.emplace_back();
    for (const traces::FinalState::Page& page : region) words.push_back(language::word(page));
  }
  for (const std::vector<traces::FinalState::Page>& file : state.files) {
    std::vector<std::string>& words = seen.files.emplace_back();
    for (const traces::FinalState::Page& page : file) words.push_back(language::file_page_word(page));
  }
  seen.variables = state.variables;
  for (std::size_t i = 0; i < program.mutexes.size(); ++i) {
    const sim::ThreadId owner = program_world.mutexes[i].owner();
    seen.mutexes.push_back(owner == sim::kNoThread ? ""
                                                   : program.threads[static_cast<std::size_t>(owner)].name);
  }
  seen.bug = state.kernel_bug;
  return seen;
}

}  // namespace timeline
