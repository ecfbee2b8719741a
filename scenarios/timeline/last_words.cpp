// SPDX-License-Identifier: Apache-2.0
#include "scenarios/timeline/last_words.hpp"

#include "scenarios/timeline/waiting.hpp"
#include "sim/ambient.hpp"
#include "sim/replay.hpp"

namespace timeline {

std::vector<std::string> waits_after(const sim::Subject& subject, const sim::Schedule& schedule) {
  const sim::Ambient kept;
  sim::Arena arena(subject.arena_size());
  std::vector<std::string> lines;
  if (!sim::replay(subject, schedule, arena)) return lines;
  const sim::World& world = *sim::current.world;
  for (sim::ThreadId id = 0; id < world.thread_count(); ++id) {
    const std::string why = why_waiting(world, id);
    if (!why.empty()) lines.push_back(std::string(world.thread(id).name) + ' ' + why);
  }
  return lines;
}

}  // namespace timeline
