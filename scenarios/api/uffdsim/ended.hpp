// SPDX-License-Identifier: Apache-2.0
// Ended: an execution that can go no further, and what the scenario says to it. Not installed.
#pragma once
#include <string>
#include <vector>

#include "uffdsim/world.hpp"

namespace uffdsim::detail {

struct Ended {
  const Description& description;
  const traces::PreparedProgram& prepared;
  traces::FinalState state;
  std::vector<std::string> columns;   // "reader.saw='A'"
  std::vector<std::string> failures;  // what did not hold
};

// Looks at a world that has ended, or goes round in a cycle in which the threads of `spinning` take part.
Ended look(const Description& description, const sim::World& world, std::uint8_t spinning);

}  // namespace uffdsim::detail
