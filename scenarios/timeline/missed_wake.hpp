// SPDX-License-Identifier: Apache-2.0
// Lost wakeups: a thread that sleeps although what it waits for has come, and the wake that did not reach it.
#pragma once
#include <string>

#include "scenarios/timeline/telling.hpp"
#include "scenarios/timeline/waiting.hpp"

namespace timeline {

// Whether the thread, were it woken in the last world of the schedule, would return from its operation by
// itself.
bool would_go_on(const traces::ModelSubject& subject, const sim::Schedule& schedule, sim::ThreadId thread);

// Said of a thread for which would_go_on() holds: since when what it waits for is there, whose operation
// brought it, and where that one's wake went.
std::string missed_wake_text(const traces::ModelSubject& subject, const Telling& telling,
                             const Waiting& waiting, sim::ThreadId thread);

// Whether it wakes those whose fault it resolves, or whose userfaultfd it takes away.
bool wakes_faulters(const traces::Operation& operation);

// The step in which the thread queued the fault it sleeps for, from 0.
std::optional<std::size_t> queued_at(const Telling& telling, sim::ThreadId thread);

}  // namespace timeline
