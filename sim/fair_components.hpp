// SPDX-License-Identifier: Apache-2.0
// Fair components: where an execution can go round forever although the schedule is fair.
//
// Fair means: a thread that can move again and again moves again and again (strong fairness), and a question
// that is asked again and again gets every answer. A set of worlds, each reachable from each other, is kept
// if a fair execution can stay inside; worlds that fairness would leave are taken out and the rest is looked
// at again (the emptiness test of a Streett automaton).
#pragma once
#include <cstdint>
#include <vector>

#include "sim/graph.hpp"

namespace sim {

struct FairComponent {
  std::vector<std::uint32_t> worlds;  // in ascending order
  std::uint8_t spinning = 0;          // a bit for each thread that moves in it
};

// All of them, those with the lowest worlds first.
std::vector<FairComponent> fair_components(const Graph& graph);

// A shortest-first walk from `from` back to it, inside the component, in which every spinning thread moves.
std::vector<Move> cycle_through(const Graph& graph, const FairComponent& component, std::uint32_t from);

}  // namespace sim
