// SPDX-License-Identifier: Apache-2.0
#include "traces/program.hpp"

#include <algorithm>

namespace traces {
namespace {

bool exits(const Block& block) {
  return std::any_of(block.begin(), block.end(), [](const Statement& statement) {
    if (const auto* perform = std::get_if<Perform>(&statement.what))
      return perform->operation.kind == OperationKind::exit;
    if (const auto* branch = std::get_if<If>(&statement.what))
      return exits(branch->then) || exits(branch->otherwise);
    return exits(std::get<RepeatUntil>(statement.what).body);
  });
}

}  // namespace

bool may_exit(const Program& program, std::uint8_t process) {
  const std::vector<std::uint8_t> processes = processes_of(program);
  for (std::size_t i = 0; i < processes.size(); ++i) {
    if (processes[i] == process && exits(program.threads[i].body)) return true;
  }
  return false;
}

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
