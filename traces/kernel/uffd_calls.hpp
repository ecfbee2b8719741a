// SPDX-License-Identifier: Apache-2.0
// The userfaultfd part of a call, on the running kernel. Output fields are filled with a sentinel first, so
// that a field the kernel left alone is told from one it wrote.
#pragma once
#include <span>
#include <vector>

#include "traces/kernel/board.hpp"
#include "traces/kernel/call.hpp"

struct uffd_msg;

namespace traces {

// One page that nobody may read: a pointer into it makes the kernel's copy-in fail.
void* unreadable_page();

Value call_userfaultfd(const Call& call, Privilege privilege, Descriptors& descriptors);
Value call_api(const Call& call, int descriptor);
Value call_register(const Call& call, int descriptor);
Value call_unregister(const Call& call, int descriptor);
// `source`: where the bytes lie.
Value call_copy(const Call& call, int descriptor, std::uint64_t source);
Value call_zeropage(const Call& call, int descriptor);
Value call_writeprotect(const Call& call, int descriptor);
Value call_rwprotect(const Call& call, int descriptor);
Value call_set_mode(const Call& call, int descriptor);
Value call_poison(const Call& call, int descriptor);
Value call_continue(const Call& call, int descriptor);
Value call_move(const Call& call, int descriptor);
Value call_wake(const Call& call, int descriptor);
// What a read took beyond the first message.
struct LeftMessages {
  std::vector<Value> values;
  std::size_t next = 0;
};
Value call_read(const Call& call, const Board& board, Descriptors& descriptors, LeftMessages& left);
Value take_next(LeftMessages& left);
Value call_poll(const Call& call, int descriptor);
Value call_close(const Call& call, Descriptors& descriptors);

// Gives an open userfaultfd a number of its own kind, and its name; `first` is closed.
model::Errno keep(int first, std::atomic<int>& name);

// A message with program addresses, and the index of the thread that the kernel names, if it names one.
Value to_value(const uffd_msg& message, const Board& board);

}  // namespace traces
