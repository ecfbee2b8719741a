// SPDX-License-Identifier: Apache-2.0
// Runs many checks on many host threads.
#pragma once
#include <atomic>
#include <functional>
#include <vector>

#include "scenarios/cli/check_file.hpp"

namespace cli {

// Fills in the runs of each check. `done(i)` is called on the caller's thread once check i and all before it
// are complete, in order. When `stop` is set, what is left ends soon, and says that it is not complete.
void run_checks(std::vector<CheckedFile>& checks, int jobs, const std::atomic<bool>* stop,
                const std::function<void(std::size_t)>& done);

}  // namespace cli
