// SPDX-License-Identifier: Apache-2.0
// A telling as sentences, one for each time that a thread runs without another in between.
#pragma once
#include <string>
#include <vector>

#include "scenarios/timeline/telling.hpp"

namespace timeline {

// "reader begins `r0 = load x` and is overtaken in handle_userfault, before fault_pending_wqh.lock (steps
// 1-7)." Steps of `decisive` (from 0) are told with a star. Only the steps [first, last).
std::vector<std::string> sentences(const Telling& telling, std::size_t first, std::size_t last,
                                   const std::vector<std::size_t>& decisive = {});

}  // namespace timeline
