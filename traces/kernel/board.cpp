// SPDX-License-Identifier: Apache-2.0
#include "traces/kernel/board.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace traces {
namespace {

void check(const char* what, std::size_t count, std::size_t most) {
  if (count <= most) return;
  throw std::length_error(fmt::format("{} {}: the kernel machine holds at most {}", count, what, most));
}

}  // namespace

void wipe(Board& board, const Program& program) {
  board.privilege = program.privilege;
  board.address_space = Layout(program).end().value;
  for (Descriptors& process : board.descriptors) {
    for (std::size_t i = 0; i < program.uffds.size(); ++i) process[i] = kNoDescriptor;
  }
  for (std::size_t i = 0; i < program.variables.size(); ++i)
    board.variables[i] = program.variables[i].initial;
  const std::vector<std::uint8_t> processes = processes_of(program);
  for (std::size_t i = 0; i < program.threads.size(); ++i) {
    ThreadSlot& slot = board.threads[i];
    slot.process = processes[i];
    const bool forked = program.threads[i].parent != ThreadProgram::kFromTheStart;
    slot.progress = forked ? ThreadSlot::unborn : ThreadSlot::running;
    slot.steps = 0;
    for (std::size_t r = 0; r < program.threads[i].registers.size(); ++r) slot.registers[r] = {};
  }
}

void check_fits(const Program& program) {
  check("threads", program.threads.size(), kMaxThreads);
  check("files", program.files.size(), kMostFiles);
  check("userfaultfds", program.uffds.size(), kMaxNames);
  check("epoll instances", program.epolls.size(), kMostEpolls);
  check("sockets", program.sockets.size(), kMostSockets);
  check("mutexes", program.mutexes.size(), kMaxNames);
  check("shared variables", program.variables.size(), kMaxNames);
  for (const ThreadProgram& thread : program.threads) check("registers", thread.registers.size(), kMaxNames);
  const Layout layout(program);
  check("bytes of address space", layout.end().value, window::kSize);
}

}  // namespace traces
