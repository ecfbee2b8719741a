// SPDX-License-Identifier: Apache-2.0
// path_count(): how many executions a program has, counted on the graph of its worlds without making them.
#pragma once
#include "sim/graph.hpp"

namespace sim {

// The executions that every_path() would make, one by one; to 53 bits exact. 0: infinitely many, because some
// moves lead back to an earlier world.
double path_count(const Graph& graph);

}  // namespace sim
