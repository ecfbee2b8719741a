// SPDX-License-Identifier: Apache-2.0
// System calls on the files of a program, and mappings of them, on the running kernel.
#pragma once
#include "traces/kernel/board.hpp"
#include "traces/kernel/call.hpp"

namespace traces {

// The descriptor of the program's file.
inline int memfd_number(std::size_t file) { return kFirstMemfd + static_cast<int>(file); }

Value call_mmap(const Call& call);
// Makes the file first if there is none: that is how a program begins.
Value call_truncate(const Call& call);
Value call_punch(const Call& call);
Value call_pwrite(const Call& call);

}  // namespace traces
