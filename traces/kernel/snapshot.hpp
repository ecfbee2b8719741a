// SPDX-License-Identifier: Apache-2.0
// The final state of a process under test, but for how its threads ended: that, only their watcher knows.
#pragma once
#include "traces/final_state.hpp"
#include "traces/kernel/board.hpp"
#include "traces/kernel/process_view.hpp"
#include "traces/layout.hpp"

namespace traces {

// Pages, queues and variables of a process that lives. Looks only; no thread of it should be running.
FinalState snapshot(const Program& program, const Layout& layout, const Board& board,
                    const ProcessView& view);

// The same of a process that has exited: variables are what it left, all else is gone.
FinalState snapshot_after_exit(const Program& program, const Board& board);

}  // namespace traces
