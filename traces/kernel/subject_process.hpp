// SPDX-License-Identifier: Apache-2.0
// What a fresh process does before it can be a process under test.
#pragma once
#include <functional>
#include <string>

#include "traces/kernel/performer.hpp"
#include "traces/program.hpp"

namespace traces {

// In the child, right after fork: dies with its parent, has no transparent huge pages (without a flag on
// any mapping), survives its touches, and is who `privilege` says.
void become_subject(Privilege privilege);

// Forks a process whose only thread is number `child` of the program: it lives `life`, which does not return.
// Comes back once it can be watched, or with the errno of fork(2).
Value fork_subject(const Subject& parent, std::size_t child, const std::function<void(Subject)>& life);

// Performs the steps. Empty if all went well, else what failed and why.
std::string set_up(const std::vector<SetupStep>& steps, Performer& performer);

// Closes every userfaultfd and unmaps the window: nothing of the last program is left. No thread may be
// inside an operation.
void tear_down(Subject& subject);

}  // namespace traces
