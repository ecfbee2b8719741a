// SPDX-License-Identifier: Apache-2.0
// The end of an execution in words: who does not go on, and why.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "sim/schedule.hpp"
#include "traces/model/subject.hpp"

namespace timeline {

// After the schedule, one line for each thread that waits or sleeps: "app waits for mmap_lock, held by monitor". A
// thread that has missed its wake is said to. The schedule must fit.
std::vector<std::string> waits_after(const traces::ModelSubject& subject, const sim::Schedule& schedule);

// The same as kinds of reason, which do not depend on names: a thread, and "an unresolved fault"; of a
// thread that has missed its wake "a lost wakeup".
std::vector<std::pair<std::string, std::string>> reasons_after(const traces::ModelSubject& subject,
                                                               const sim::Schedule& schedule);

}  // namespace timeline
