// SPDX-License-Identifier: Apache-2.0
// What is different between two glimpses, in words.
#pragma once
#include <string>
#include <vector>

#include "scenarios/timeline/glimpse.hpp"

namespace timeline {

// "x 'A'", "unread 1", "u.mmap_changing 0", "v 3", "mutex m held by app"; queues and counters are named with
// their userfaultfd only where there are several.
std::vector<std::string> changes(const traces::Program& program, const Glimpse& before, const Glimpse& after);

// Everything that is not as in an empty world: what a person must know to read the changes.
std::vector<std::string> setting(const traces::Program& program, const Glimpse& first);

}  // namespace timeline
