// SPDX-License-Identifier: Apache-2.0
// Free mode, after litmus7: the threads of a program run on the kernel of this machine as they please, many
// times, with random delays and processors. Each iteration ends when every thread has ended or, by looking,
// can never go on; a clock decides nothing but when to give up, and then the iteration is no row.
#pragma once
#include <chrono>
#include <cstdint>
#include <string>

#include "traces/kernel/histogram.hpp"
#include "traces/program.hpp"

namespace traces {

struct FreeOptions {
  std::uint64_t iterations = 300;
  std::uint64_t seed = 1;
  std::chrono::milliseconds patience{10'000};  // for one iteration, before it is left undecided
};

// Why the program speaks of another vm.unprivileged_userfaultfd than there is; empty if it does not.
std::string why_other_setting(const Program& program);

// Throws std::runtime_error if the kernel gives no userfaultfd, has another setting, or refuses the program's
// setup, and std::length_error if the program is larger than the machine. Gives up after three undecided
// iterations in a row; `iterations` of the result tells.
Histogram run_free(const Program& program, const FreeOptions& options);

}  // namespace traces
