// SPDX-License-Identifier: Apache-2.0
#include "scenarios/timeline/last_words.hpp"

#include "scenarios/timeline/missed_wake.hpp"
#include "scenarios/timeline/waiting.hpp"
#include "sim/ambient.hpp"
#include "sim/replay.hpp"

namespace timeline {
namespace {

constexpr const char* kReasons[] = {"nothing",          "a lock",           "a mutex",   "its birth",      "an unread fault",
                                    "an unresolved fault", "an unread event", "a message", "an epoll event", "nobody"};

struct Ended {
  std::string name;
  Waiting waiting;
  bool lost_wakeup = false;
};

std::vector<Ended> waiting_threads(const traces::ModelSubject& subject, const sim::Schedule& schedule) {
  const sim::Ambient kept;
  sim::Arena arena(subject.arena_size());
  std::vector<Ended> threads;
  if (!sim::replay(subject, schedule, arena)) return threads;
  const sim::World& world = *sim::current.world;
  for (sim::ThreadId id = 0; id < world.thread_count(); ++id) {
    const Waiting why = waiting(world, id);
    if (why.on == Waiting::On::nothing) continue;
    threads.push_back({world.thread(id).name, why, would_go_on(subject, schedule, id)});
  }
  return threads;
}

}  // namespace

std::vector<std::string> waits_after(const traces::ModelSubject& subject, const sim::Schedule& schedule) {
  std::vector<std::string> lines;
  for (const Ended& thread : waiting_threads(subject, schedule)) {
    lines.push_back(thread.name + ' ' + thread.waiting.text);
    if (thread.lost_wakeup) lines.back() += "; woken, it would go on: a lost wakeup";
  }
  return lines;
}

std::vector<std::pair<std::string, std::string>> reasons_after(const traces::ModelSubject& subject,
                                                               const sim::Schedule& schedule) {
  std::vector<std::pair<std::string, std::string>> reasons;
  for (const Ended& thread : waiting_threads(subject, schedule)) {
    const std::string reason = kReasons[static_cast<int>(thread.waiting.on)];
    reasons.emplace_back(thread.name, thread.lost_wakeup ? "a lost wakeup" : reason);
  }
  return reasons;
}

}  // namespace timeline
