// SPDX-License-Identifier: Apache-2.0
// Options: on which kernel a scenario is explored, and how.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace uffdsim {

// What is used up ends the exploration, which then says so and does not hold. 0: no bound.
struct Budget {
  double seconds = 0;
  std::uint64_t worlds = 0;
  std::uint64_t bytes = 0;  // host memory for what the exploration remembers
};

// Whether each step is made twice to see that it does the same again.
enum class Repeats : std::uint8_t {
  some_walks,  // the steps of a few random executions
  every_step,  // of every execution: three times slower, and finds what only rare executions do
};

struct Options {
  std::string kernel = "6.18";         // 6.1, 6.12, 6.18, 7.3: `uffdsim list`
  std::vector<std::string> defects{};  // historical bugs to put into it: `uffdsim list`
  // 0: every execution. Else so many random ones, for what is too large: then a scenario holds if none of
  // them fails.
  std::uint64_t walks = 0;
  std::uint64_t seed = 1;  // of random walks
  int workers = 1;         // host threads; what is found does not depend on it
  Budget budget{};
  Repeats repeats = Repeats::some_walks;
};

}  // namespace uffdsim
