// SPDX-License-Identifier: Apache-2.0
// Story: one execution, told operation by operation. Not installed.
#pragma once
#include <string>
#include <tl/expected.hpp>

#include "sim/replay.hpp"
#include "uffdsim/subject.hpp"

namespace uffdsim::detail {

struct Story {
  std::string text;  // numbered lines, then who waits for what
  Row row;           // how it ended; empty if the schedule ends before the execution does
};

// Follows the schedule, or says where it does not fit.
tl::expected<Story, sim::Misfit> tell(const ScenarioSubject& subject, const sim::Schedule& schedule);

// Where in the scenario's own code a thread stands: "monitor (first_monitor.cpp:12)".
std::string place_in_scenario(const sim::World& world, sim::ThreadId thread);

}  // namespace uffdsim::detail
