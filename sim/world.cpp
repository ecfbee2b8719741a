// SPDX-License-Identifier: Apache-2.0
#include "sim/world.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>

#include "sim/assert.hpp"
#include "sim/path_so_far.hpp"

namespace sim {

World& World::create(Arena& arena) {
  arena.clear();
  current = {.arena = &arena, .observer = current.observer};
  current.world = arena.make<World>();
  return *current.world;
}

World& World::enter(Arena& arena) {
  current = {.arena = &arena, .observer = current.observer};
  current.world = const_cast<World*>(reinterpret_cast<const World*>(arena.objects().data()));
  return *current.world;
}

ThreadId World::add_thread(const char* name) {
  SIM_ASSERT(count_ < kMaxThreads);
  const ThreadId id = count_++;
  if (!threads_[id]) threads_[id] = current.arena->make<Thread>();
  threads_[id]->name = name;
  current.thread = id;
  return id;
}

void World::dismiss_threads() {
  for (; count_ > 0; --count_) {
    SIM_ASSERT(!threads_[count_ - 1]->innermost);
    *threads_[count_ - 1] = Thread{};
  }
  current.thread = kNoThread;
}

void World::start(ThreadId id, TaskPromise& body, Wait first) {
  threads_[id]->innermost = &body;
  threads_[id]->wait = first;
}

bool World::runnable(ThreadId id) const {
  const Thread& thread = *threads_[id];
  if (!thread.innermost) return false;
  const Wait& wait = thread.wait;
  return wait.arrive || !wait.ready || wait.ready(wait.object, id);
}

void World::moves(std::vector<Move>& out) const {
  out.clear();
  if (bug_) return;
  if (question_.options > 0) {
    for (std::uint8_t value = 0; value < question_.options; ++value) {
      out.push_back({Move::Kind::answer, question_.thread, value});
    }
    return;
  }
  for (ThreadId id = 0; id < count_; ++id) {
    if (runnable(id)) out.push_back({Move::Kind::run, id, 0});
  }
}

Condition World::condition() const {
  if (bug_) return Condition::bug;
  if (question_.options > 0) return Condition::running;
  bool all_finished = true;
  for (ThreadId id = 0; id < count_; ++id) {
    if (runnable(id)) return Condition::running;
    all_finished = all_finished && finished(id);
  }
  return all_finished ? Condition::finished : Condition::blocked;
}

void World::step(Move move) {
  Thread& thread = *threads_[move.thread];
  current.thread = move.thread;
  if (move.kind == Move::Kind::answer) {
    SIM_ASSERT(move.thread == question_.thread && move.value < question_.options);
    question_.answer = move.value;
    question_.options = 0;
  } else {
    SIM_ASSERT(thread.innermost);
#ifdef UFFDSIM_CHECKED
    SIM_ASSERT(runnable(move.thread));
#endif
    const Wait wait = thread.wait;
    if (wait.arrive && !wait.arrive(wait.object, move.thread)) {
      thread.wait.arrive = nullptr;
      return;
    }
    thread.wait = {};
  }
  current.at_point = false;
  current.innermost = thread.innermost;
  do {
    current.innermost->self.resume();
  } while (current.innermost && !current.at_point && !bug_);
  thread.innermost = current.innermost;
  if (!thread.innermost) {
    SIM_ASSERT(thread.held_count == 0);
    current.arena->drop_frames(move.thread);
  }
}

std::string World::stacks() const {
  std::string text;
  for (ThreadId id = 0; id < count_; ++id) {
    const Thread& thread = *threads_[id];
    if (!thread.innermost) {
      text += fmt::format("  {} (finished)\n", thread.name);
      continue;
    }
    text += fmt::format("  {} ({}", thread.name, runnable(id) ? "at" : "waits for");
    text += fmt::format(" {}", thread.wait.what);
    const ThreadId holder = thread.wait.holder ? thread.wait.holder(thread.wait.object) : kNoThread;
    if (holder != kNoThread) text += fmt::format(", held by {}", threads_[holder]->name);
    text += ")\n";
    for (const TaskPromise* task = thread.innermost; task; task = task->caller) {
      text += fmt::format("    {:<32} {}:{}\n", task->where.function, task->where.file, task->where.line);
    }
  }
  return text;
}

void TaskPromise::unhandled_exception() { simulator_is_wrong("an exception in a task", __FILE__, __LINE__); }

void simulator_is_wrong(const char* what, const char* file, int line) {
  std::fprintf(stderr, "uffdsim: the simulator is wrong: %s (%s:%d)\n", what, file, line);
  if (current.world) {
    if (current.thread != kNoThread) {
      std::fprintf(stderr, "while thread %s ran; the simulated stacks before this step:\n",
                   current.world->thread(current.thread).name);
    }
    std::fputs(current.world->stacks().c_str(), stderr);
  }
  const std::string schedule = PathSoFar::text();
  if (!schedule.empty()) std::fprintf(stderr, "the schedule that led there: %s\n", schedule.c_str());
  std::abort();
}

}  // namespace sim
