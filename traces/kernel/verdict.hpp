// SPDX-License-Identifier: Apache-2.0
// How an iteration of free mode ended, thread by thread. Found by looking: ended, asleep with everybody
// else, or still going round a loop long after everybody else came to rest.
#pragma once
#include <cstdint>
#include <vector>

#include "traces/final_state.hpp"
#include "traces/kernel/free_threads.hpp"

namespace traces {

struct Verdict {
  enum class Left : std::uint8_t {
    nobody,    // the threads can run the next iteration
    sleepers,  // some sleep for ever
  };
  std::vector<ThreadEnd> ends;  // as Program::threads
  Left left = Left::nobody;
};

// Returns when no thread can go further, or when those that still move go round loops; these it stops.
// Never decides by a clock: a thread that neither sleeps nor moves keeps it waiting.
Verdict await_verdict(FreeThreads& threads);

}  // namespace traces
