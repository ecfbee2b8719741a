// SPDX-License-Identifier: Apache-2.0
// Watching a thread from outside: whether it sleeps at a place where only another thread can wake it. This
// is how `blocked` is decided: by looking at /proc, never by a clock. Source: proc(5), wchan and status.
#pragma once
#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace traces {

class ThreadWatch {
 public:
  ThreadWatch(pid_t process, pid_t thread);
  ~ThreadWatch();
  ThreadWatch(ThreadWatch&& other) noexcept;
  ThreadWatch& operator=(ThreadWatch&&) = delete;

  // Off every CPU, in handle_userfault, in the wait of an event, in read(2) or poll(2) of a userfaultfd, or
  // in a futex. A thread that was woken a moment ago is not asleep.
  bool asleep() const;
  // The kernel function it sleeps in, "0" if it does not; for reports.
  std::string place() const;
  // How often it gave up a CPU. A thread that was asleep at two looks and shows the same number at both
  // was asleep all the time between them.
  std::uint64_t switches() const;
  // How long it has run in the kernel, in ticks of sysconf(_SC_CLK_TCK).
  std::uint64_t system_time() const;

 private:
  int wchan_ = -1;
  int status_ = -1;
  int stat_ = -1;
};

// One look at several threads. Two equal pictures of threads that all sleep prove a moment at which all of
// them slept at once: from then on nobody is left to wake anybody.
struct Picture {
  std::vector<const ThreadWatch*> threads;
  bool all_asleep = true;
  std::vector<std::uint64_t> switches;
  friend bool operator==(const Picture&, const Picture&) = default;
};
Picture look_at(const std::vector<const ThreadWatch*>& threads);

}  // namespace traces
