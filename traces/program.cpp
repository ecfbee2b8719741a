// SPDX-License-Identifier: Apache-2.0
#include "traces/program.hpp"

namespace traces {

std::vector<std::uint8_t> processes_of(const Program& program) {
  std::vector<std::uint8_t> processes;
  std::uint8_t children = 0;
  for (const ThreadProgram& thread : program.threads) {
    const bool forked = thread.parent != ThreadProgram::kFromTheStart;
    if (forked) ++children;
    processes.push_back(forked ? children : std::uint8_t{0});
  }
  return processes;
}

}  // namespace traces
