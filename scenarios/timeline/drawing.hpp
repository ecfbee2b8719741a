// SPDX-License-Identifier: Apache-2.0
// Drawing: a telling laid out in rows and columns: one column a thread, time downward, and on the right what
// changed. Plain data; whoever prints it chooses colours and widths.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "scenarios/timeline/telling.hpp"

namespace timeline {

enum class Ink : std::uint8_t {
  operation,  // begun or returned
  detail,     // inside the kernel
  trouble,    // sleeps, waits
  woken,
  end,        // killed
  decisive,   // the order of this step and another decided
};

struct Mark {
  sim::ThreadId thread = 0;
  Ink ink = Ink::detail;
  std::string text;
};

struct Strip {  // one line
  std::string steps;  // "12-15" on the first line of a run, else empty
  std::vector<Mark> marks;  // at most one a thread
  std::vector<std::string> changes;
};

enum class Detail : std::uint8_t {
  runs,   // steps of the same thread are drawn together, and what shows nothing is left out
  steps,  // every step
};

// The lines of steps [first, last). The steps of `decisive` (from 0) are drawn, with a star.
std::vector<Strip> draw(const Telling& telling, std::size_t first, std::size_t last, Detail detail,
                        const std::vector<std::size_t>& decisive = {});

}  // namespace timeline
