// SPDX-License-Identifier: Apache-2.0
// Livelocks: the outcomes of executions that never end although the schedule is fair.
#pragma once
#include <vector>

#include "sim/crew.hpp"
#include "sim/effort.hpp"
#include "sim/exploration.hpp"
#include "sim/graph.hpp"

namespace sim {

// Every outcome (without its stacks) of a fair cycle in the graph of the subject's worlds. None, and at
// once, if it was told to stop.
std::vector<Outcome> livelocks(const Subject& subject, const Graph& graph, const Effort& effort, Crew& crew);

}  // namespace sim
