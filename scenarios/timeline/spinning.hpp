// SPDX-License-Identifier: Apache-2.0
// In which loop a thread goes round, in words.
#pragma once
#include <string>

#include "scenarios/timeline/telling.hpp"

namespace timeline {

// "goes round in `repeat … until c is not EAGAIN` (lines 22-24): c = copy e 'A' → EAGAIN", "goes round inside
// r0 = store x: …". Empty if the thread makes none of the steps from `repeats_from` on.
std::string loop_text(const language::Litmus& litmus, const traces::ModelSubject& subject,
                      const Telling& telling, std::size_t repeats_from, sim::ThreadId thread);

}  // namespace timeline
