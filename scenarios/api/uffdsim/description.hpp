// SPDX-License-Identifier: Apache-2.0
// Description: what a scenario's setup() said. Not installed.
#pragma once
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "traces/program.hpp"
#include "uffdsim/setup.hpp"

namespace uffdsim {

class AtEnd;

namespace detail {

struct Description {
  struct Thread {
    std::function<sim::Task<void>(const void* scenario)> body;
    Setup::Ends ends = Setup::Ends::always;
  };

  // Memory, files, userfaultfds, and threads without their bodies, which are coroutines of the scenario.
  traces::Program program;
  std::vector<Thread> threads;  // as Program::threads
  std::uint64_t spare_pages = 0;
  std::string mistake;  // the first thing said that makes no sense; empty: none

  std::vector<std::byte> scenario;  // its bytes after setup()
  std::size_t alignment = 1;
  std::function<void(const void* scenario, AtEnd& end)> at_end;  // may be empty
};

}  // namespace detail
}  // namespace uffdsim
