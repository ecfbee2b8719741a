// SPDX-License-Identifier: Apache-2.0
// The end of an execution in words: who does not go on, and why.
#pragma once
#include <string>
#include <vector>

#include "sim/schedule.hpp"

namespace timeline {

// After the schedule, one line for each thread that waits or sleeps: "app waits for mmap_lock, held by monitor".
// The subject's worlds must be programs (traces::ProgramWorld); the schedule must fit it.
std::vector<std::string> waits_after(const sim::Subject& subject, const sim::Schedule& schedule);

}  // namespace timeline
