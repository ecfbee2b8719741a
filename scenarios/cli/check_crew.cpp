// SPDX-License-Identifier: Apache-2.0
#include "scenarios/cli/check_crew.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace cli {
namespace {

// Work for one thread: a run of a check.
struct Item {
  std::size_t check = 0;
  std::size_t run = 0;
};

class Crew {
 public:
  Crew(std::vector<CheckedFile>& checks, const std::atomic<bool>* stop) : checks_(checks), stop_(stop) {
    for (std::size_t check = 0; check < checks.size(); ++check) {
      left_.push_back(checks[check].plans.size());
      for (std::size_t run = 0; run < checks[check].plans.size(); ++run) items_.push_back({check, run});
    }
  }

  void work() {
    for (std::size_t i = next_++; i < items_.size(); i = next_++) {
      const auto [check, run] = items_[i];
      CheckedFile& checked = checks_[check];
      // A run that never began has a coverage that is not complete.
      if (!stop_->load()) checked.runs[run] = running::run_on_model(checked.file->litmus, checked.plans[run]);
      const std::lock_guard lock(mutex_);
      if (--left_[check] == 0) changed_.notify_one();
    }
  }

  void wait_for(std::size_t check) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return left_[check] == 0; });
  }

 private:
  std::vector<CheckedFile>& checks_;
  const std::atomic<bool>* stop_;
  std::vector<Item> items_;
  std::atomic<std::size_t> next_{0};
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::size_t> left_;  // runs that are not done, by check
};

}  // namespace

void run_checks(std::vector<CheckedFile>& checks, int jobs, const std::atomic<bool>* stop,
                const std::function<void(std::size_t)>& done) {
  Crew crew(checks, stop);
  std::vector<std::thread> threads;
  for (int i = 0; i < jobs; ++i) threads.emplace_back([&crew] { crew.work(); });
  for (std::size_t check = 0; check < checks.size(); ++check) {
    crew.wait_for(check);
    done(check);
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace cli
