// SPDX-License-Identifier: Apache-2.0
// ScenarioWorld: what a simulated world holds for a scenario, beside the simulated kernel. Not installed.
#pragma once
#include <array>

#include "traces/model/world.hpp"
#include "uffdsim/description.hpp"
#include "uffdsim/value.hpp"

namespace uffdsim::detail {

struct Recorded {
  const char* name = nullptr;
  Value value;
};

// What one thread has recorded.
struct Records {
  static constexpr std::size_t kMost = 6;
  std::array<Recorded, kMost> items{};
  std::uint64_t count = 0;
};

// A claim that did not hold.
struct Broken {
  const char* text = nullptr;
  const char* file = nullptr;
  std::int64_t line = 0;
  std::int64_t thread = -1;
};

struct ScenarioWorld {
  const void* scenario = nullptr;  // its copy in this world
  Records* records = nullptr;      // one a thread
  Broken broken;
};

inline ScenarioWorld& scenario_world(const traces::ProgramWorld& world) {
  return *static_cast<ScenarioWorld*>(world.scenario);
}
// Of the running thread.
inline traces::ProgramWorld& this_program() { return traces::program_world(*sim::current.world); }
inline ScenarioWorld& this_world() { return scenario_world(this_program()); }
inline model::Process& this_process() { return this_program().process(); }

// The scenario in a new world: memory, files and userfaultfds as it says, its threads ready to start.
void boot(const Description& description, const traces::PreparedProgram& prepared, sim::Arena& arena);

// Whether the process of the running thread has ended under it. Then it does nothing more: die().
inline bool killed() { return sim::current_thread().fatal_signal; }
// The end of a thread whose process has ended. Does not return.
sim::Task<void> die();

}  // namespace uffdsim::detail
