// SPDX-License-Identifier: Apache-2.0
// The process that free mode forks: it runs iterations until one leaves a thread that cannot be reused.
#pragma once
#include <array>
#include <atomic>
#include <cstdint>

#include "traces/kernel/board.hpp"
#include "traces/kernel/free_run.hpp"

namespace traces {

// What it hands to its parent, besides the board: the final state of each iteration, as text.
struct FreeLog {
  std::atomic<std::uint64_t> ended;              // iterations written
  std::atomic<std::uint64_t> used;               // of `text`
  std::array<char, 1024> failure;                // why it ended with kSubjectFailed
  std::array<char, std::size_t{16} << 20> text;  // one line each
};
inline constexpr int kSubjectFailed = 3;

// In the child of a fork: runs iterations [first, options.iterations), and ends the process: with 0 when
// it has run them all, or the log is full, or threads are left that only the end of the process can stop.
[[noreturn]] void run_subject(const Program& program, const FreeOptions& options, std::uint64_t first,
                              Board& board, FreeLog& log);

}  // namespace traces
