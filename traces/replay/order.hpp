// SPDX-License-Identifier: Apache-2.0
// The order of a replay. Order within a thread is certain. Across threads the steps go by the time they
// ended; but two steps whose intervals overlap may have happened either way round, and where only the
// other way agrees with what both returned, they are exchanged.
#pragma once
#include "traces/replay/plan.hpp"

namespace traces {

// Orders plan.steps, and lists the exchanges. Exchanged are: a fault message with the copy that filled its
// page before (the page was missing when the thread faulted); a copy with the next fault message of the
// thread that it let go; a copy that filled a page with one that found it filled (EEXIST); an operation that
// was not refused with the change of mappings it overlaps (a change in progress refuses all).
void order_steps(ReplayPlan& plan);

}  // namespace traces
