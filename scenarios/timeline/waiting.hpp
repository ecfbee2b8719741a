// SPDX-License-Identifier: Apache-2.0
// Why a thread does not go on: the lock and who has it, the fault that nobody has read, the event that nobody
// has read.
#pragma once
#include <cstdint>
#include <string>

#include "model/mm/address.hpp"
#include "sim/world.hpp"

namespace timeline {

struct Waiting {
  enum class On : std::uint8_t {
    nothing,           // it can go on, or has ended
    lock,              // of the kernel
    mutex,             // of the program
    birth,             // nobody has forked it
    unread_fault,      // fault_pending_wqh
    unresolved_fault,  // fault_wqh
    unread_event,      // event_wqh
    message,           // fd_wqh: in read, or in poll
    epoll,
    elsewhere,
  };
  On on = On::nothing;
  // "waits for mmap_lock, held by app", "sleeps: its fault at x was read, and is not resolved"; empty for nothing.
  std::string text{};
  int uffd = -1;             // of the program; -1: none, or one that no name of the first process stands for
  model::VirtAddr at{};      // of a fault
  sim::ThreadId holder = sim::kNoThread;  // of a lock or mutex
  int mutex = -1;            // of the program
};

Waiting waiting(const sim::World& world, sim::ThreadId thread);

}  // namespace timeline
