// SPDX-License-Identifier: Apache-2.0
// Touching memory from user mode, one byte at a time, and surviving the signal that the kernel may answer
// with. Source of the numbers: signal(7).
#pragma once
#include <cstdint>

#include "traces/value.hpp"

namespace traces {

// Once a process, before any touch: SIGSEGV and SIGBUS that no touch expects still end the process.
void catch_touch_signals();
// Once a thread: the stack its signal handler runs on.
void use_signal_stack();

// -> content, or the signal.
Value touch_load(std::uint64_t address);
// -> ok, or the signal.
Value touch_store(std::uint64_t address, char letter);

}  // namespace traces
