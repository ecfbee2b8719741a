// SPDX-License-Identifier: Apache-2.0
// The threads of a program in free mode: real threads, each walking its own code, started together, with
// random delays between their operations.
#pragma once
#include <sched.h>

#include <atomic>
#include <optional>
#include <vector>

#include "traces/code.hpp"
#include "traces/kernel/futex.hpp"
#include "traces/kernel/performer.hpp"
#include "traces/kernel/random.hpp"
#include "traces/kernel/thread_watch.hpp"
#include "traces/layout.hpp"

namespace traces {

class FreeThreads {
 public:
  // `program` and `layout` must outlive it. The threads are never joined: the process ends with them.
  FreeThreads(const Program& program, const Layout& layout, Subject subject);
  FreeThreads(const FreeThreads&) = delete;
  FreeThreads& operator=(const FreeThreads&) = delete;

  // Every thread must have ended the last iteration.
  void start(std::uint64_t seed, std::uint64_t iteration);
  // Asks those that go round a loop to leave it before their next operation.
  void stop() { subject_.board.stop = true; }

  std::size_t size() const { return codes_.size(); }
  const ThreadSlot& slot(std::size_t thread) const { return subject_.board.threads[thread]; }
  // Of a thread that was born.
  const ThreadWatch& watch(std::size_t thread);
  // How many have not ended: sleep on it to be told of ends.
  const FutexWord& unfinished() const { return subject_.board.unfinished; }
  // Whether the program has children: its processes cannot be used again then.
  bool forks() const { return at_start_ < codes_.size(); }
  // Counts children that have exited as ended.
  void reap();

 private:
  void live(std::size_t thread);
  void walk(std::size_t thread, Performer& performer, Random& random);
  Value fork_child(const Subject& parent, std::size_t child, Random& random);
  void count_end(ThreadSlot& slot, ThreadSlot::Progress progress);
  void meet(Random& random);

  const Program& program_;
  const Layout& layout_;
  Subject subject_;
  std::vector<Code> codes_;
  std::vector<std::optional<ThreadWatch>> watches_;
  std::vector<std::uint8_t> processes_;
  std::size_t at_start_ = 0;  // threads that are there from the start
  std::vector<int> processors_;
  FutexWord round_{0};
  std::atomic<std::size_t> arrived_{0};
  std::uint64_t seed_ = 0;
};

}  // namespace traces
