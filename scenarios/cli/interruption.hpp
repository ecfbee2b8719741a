// SPDX-License-Identifier: Apache-2.0
// Interruption: Ctrl-C (or SIGTERM), or a limit in seconds, as a flag that long work looks at. The work ends
// soon and says what it covered; a second Ctrl-C ends the command at once.
#pragma once
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace cli {

class Interruption {
 public:
  // One at a time. 0 seconds: no limit.
  explicit Interruption(std::chrono::seconds limit = {});
  ~Interruption();
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;

  // For sim::Effort::stop.
  const std::atomic<bool>* flag() const;
  bool struck() const { return flag()->load(); }
  bool out_of_time() const { return out_of_time_; }  // it was the limit that struck

 private:
  void watch(std::chrono::seconds limit);

  std::mutex mutex_;
  std::condition_variable ended_cv_;
  bool ended_ = false;
  std::atomic<bool> out_of_time_{false};
  std::thread watcher_;
};

}  // namespace cli
