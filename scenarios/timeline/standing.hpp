// SPDX-License-Identifier: Apache-2.0
// Where threads stand between steps, and what one step does, in a few words.
#pragma once
#include <string>

#include "scenarios/timeline/telling.hpp"

namespace timeline {

// "in mfill_lock_pte, before pte lock, holding mmap_lock": where the step's thread stands after it. Empty if
// it is not ready to go on, or between two operations.
std::string standing_after(const Telling& telling, std::size_t step);

// "takes pte lock in mfill_lock_pte", "passes waitqueue_active(fault_wqh) in userfault_waiters".
std::string step_text(const Step& step);

// "step 7", "steps 7-9"; counted from 1.
std::string steps_text(std::size_t first, std::size_t last);

}  // namespace timeline
