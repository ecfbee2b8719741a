// SPDX-License-Identifier: Apache-2.0
// The process that steered mode forks: threads that each perform the one call in their mailbox, and a main
// thread that runs errands: it prepares programs and clears them away.
#pragma once
#include <cstdint>

#include "traces/kernel/board.hpp"

namespace traces {

struct SteeredBoard {
  enum Errand : std::uint32_t {
    none,
    start_threads,  // until there are `thread_count`
    call,           // the one in `service`; its answer stands there afterwards
    clear,          // nothing is left of the last program
    end_children,   // kill the processes that the program forked
  };
  Board board;
  FutexWord errand{none};  // none again once it is done
  std::uint32_t thread_count = 0;
  Mailbox service;
};

// In the child of a fork: runs errands until it is killed.
[[noreturn]] void serve(SteeredBoard& steered);

}  // namespace traces
