// SPDX-License-Identifier: Apache-2.0
// What became of the threads in an outcome, and what a run covered, in words.
#pragma once
#include <string>

#include "scenarios/running/run.hpp"

namespace cli {

// "finished", "monitor blocked", "reader and monitor blocked", "app spins", "exited", "kernel bug: …"
std::string ending_text(const running::Reached& reached, const traces::Program& program);

// Empty if everything was explored; else why not, and how much is left: "stopped by the budget of worlds; 17
// worlds were met and not explored further".
std::string shortfall_text(const sim::Coverage& coverage);

// "159 worlds, 313 transitions, depth 41, largest world 2.4 KiB"
std::string totals_text(const sim::Totals& totals);

// What checked runs noticed about the simulator itself.
std::string findings_text(const std::vector<sim::Finding>& findings);

}  // namespace cli
