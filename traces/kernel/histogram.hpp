// SPDX-License-Identifier: Apache-2.0
// What many runs of a program on a real kernel came to: each final state, and how often it was seen.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "traces/final_state.hpp"

namespace traces {

struct Histogram {
  struct Row {
    FinalState state;
    std::uint64_t count = 0;
  };
  std::string kernel;            // release that it ran on
  std::vector<Row> rows;         // in the order of their JSON texts: the same runs, the same histogram
  std::uint64_t iterations = 0;  // that ended; the sum of the counts
  // Iterations of which nobody can say how they ended, and why: never rows.
  std::uint64_t undecided = 0;
  std::vector<std::string> reasons;
};

}  // namespace traces
