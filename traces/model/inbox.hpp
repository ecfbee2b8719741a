// SPDX-License-Identifier: Apache-2.0
// Inbox: where a thread of a simulated program keeps the messages that it has read and not looked at yet.
#pragma once
#include <cstdint>
#include <vector>

#include "model/uffd/message.hpp"
#include "traces/program.hpp"

namespace traces {

// What a thread's read took beyond the first message, until `next` asks for it.
struct Inbox {
  model::Message* messages = nullptr;
  std::uint8_t room = 0;  // messages; 0: none of the thread's reads takes several
  std::uint8_t count = 0;
  std::uint8_t next = 0;
  void forget();
};

// One for each thread, with room for what its reads may take.
void make_inboxes(Inbox* inboxes, const std::vector<ThreadProgram>& threads, sim::Arena& arena);

}  // namespace traces
