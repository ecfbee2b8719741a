// SPDX-License-Identifier: Apache-2.0
// Diff: two recordings side by side, thread by thread, since only the order within a thread is certain.
// Threads and userfaultfds are matched by the order in which they first appear, addresses by the region
// they lie in, and clocks are not compared: two runs of one program on two machines can be equal.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "traces/recording.hpp"

namespace traces {

struct Difference {
  std::string thread;          // "thread 11960 / 315"
  std::uint64_t position = 0;  // within the thread, from 1
  std::string left;            // "FILE:LINE: copy pc.ram+0x3000 …", or "nothing more"
  std::string right;
  std::string what;  // "the address differs"
};

struct DiffReport {
  std::uint64_t compared = 0;           // observations that were found equal
  std::vector<Difference> differences;  // the first of each thread, and of the regions
  bool equal() const { return differences.empty(); }
};

DiffReport diff(const Recording& left, const Recording& right);

// For a person: "equal: …", or each thread's first difference.
std::string to_text(const DiffReport& report);

}  // namespace traces
