// SPDX-License-Identifier: Apache-2.0
// Why a thread does not go on, in one clause: the lock and who has it, the fault that nobody has read, the
// event that nobody has read.
#pragma once
#include <string>

#include "sim/world.hpp"

namespace timeline {

// "waits for mmap_lock, held by app", "sleeps: its fault at x was read and never resolved". Empty if it can
// go on or has ended.
std::string why_waiting(const sim::World& world, sim::ThreadId thread);

}  // namespace timeline
