// SPDX-License-Identifier: Apache-2.0
// SIM_ASSERT: the simulator itself is wrong. Prints what failed, the simulated stacks of the world being
// run and the schedule that led there, then aborts. Never used for what a simulated program may provoke.
#pragma once

namespace sim {

[[noreturn]] void simulator_is_wrong(const char* what, const char* file, int line);

}  // namespace sim

#define SIM_ASSERT(condition) \
  (static_cast<bool>(condition) ? static_cast<void>(0) : ::sim::simulator_is_wrong(#condition, __FILE__, __LINE__))
