// SPDX-License-Identifier: Apache-2.0
// Executions: runs what strategies ask for, from the first world to the end, and counts the outcomes.
#pragma once
#include <memory>
#include <vector>

#include "sim/effort.hpp"
#include "sim/exploration.hpp"
#include "sim/strategy.hpp"

namespace sim {

// Runs each strategy until it has no further execution. The strategies take turns, so that a budget is spent
// on all of them alike; what is found does not depend on the number of workers. `covered` is what their
// executions cover together once all have been made: Limit::none for everything, Limit::sample.
Exploration run_executions(const Subject& subject, std::vector<std::unique_ptr<Strategy>> strategies,
                           Limit covered, const Effort& effort = {});

}  // namespace sim
