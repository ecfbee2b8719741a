// SPDX-License-Identifier: Apache-2.0
// Stuck: a thread that does not go on at the end of a telling. What for, who would have had to act, the wake
// that it missed if it missed one, the loop that it goes round in if it does.
#pragma once
#include <string>
#include <vector>

#include "scenarios/timeline/telling.hpp"
#include "scenarios/timeline/waiting.hpp"

namespace timeline {

// An operation of another thread that could have ended the waiting.
struct Rescue {
  sim::ThreadId thread = 0;
  int line = 0;        // of the file; 0: unknown
  std::string text;    // "r1 = copy f 'A'"
  std::string became;  // "answered EEXIST (step 27)", "is not reached: monitor sleeps: …"
};

struct Stuck {
  sim::ThreadId thread = 0;
  Waiting waiting;
  // Not empty: it sleeps although what it waits for has come (a lost wakeup). Where that came from, and why
  // the wake did not reach it.
  std::string missed;
  std::string loop;  // not empty: it spins; which loop of the file, or of the kernel
  std::vector<Rescue> rescues;
};

// Of each thread that waits or sleeps at the end, or moves in the steps from `repeats_from` on (0: none go
// round). The telling must be `schedule`'s.
std::vector<Stuck> stuck_threads(const language::Litmus& litmus, const traces::ModelSubject& subject,
                                 const sim::Schedule& schedule, const Telling& telling,
                                 std::size_t repeats_from);

}  // namespace timeline
