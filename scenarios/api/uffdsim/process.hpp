// SPDX-License-Identifier: Apache-2.0
// Processes: fork, and the end.
#pragma once
#include <cstdint>

#include "uffdsim/reply.hpp"
#include "uffdsim/task.hpp"

namespace uffdsim {

// A process that does not exist before somebody forks it, with one thread: Setup::child(). Its memory and its
// descriptors are copies of its parent's, under the same numbers.
class Child {
 public:
  constexpr Child() = default;
  constexpr explicit Child(int thread) : thread_(thread) {}
  constexpr int thread() const { return thread_; }

 private:
  int thread_ = -1;
};

// fork(2): the child begins. Sleeps until its FORK event was read, where a userfaultfd asked for that. EINTR.
sim::Task<Errno> fork(Child child);

// exit_group(2): every thread of the process ends. Nothing comes after it.
sim::Task<void> exit_process();

// Any other thread may run here: for a loop that polls.
sim::Task<void> yield();

// 0 .. options-1; every answer is explored. "Does the network drop this packet?"
sim::Task<int> choose(int options, const char* question);

}  // namespace uffdsim
