// SPDX-License-Identifier: Apache-2.0
#include "scenarios/cli/interruption.hpp"

#include <csignal>

namespace cli {
namespace {

// A signal handler can reach nothing else.
std::atomic<bool> stop{false};

extern "C" void on_signal(int number) {
  stop.store(true, std::memory_order_relaxed);
  std::signal(number, SIG_DFL);
}

}  // namespace

Interruption::Interruption(std::chrono::seconds limit) {
  stop = false;
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
  if (limit.count() > 0) watcher_ = std::thread([this, limit] { watch(limit); });
}

Interruption::~Interruption() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  ended_cv_.notify_all();
  if (watcher_.joinable()) watcher_.join();
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
}

const std::atomic<bool>* Interruption::flag() const { return &stop; }

void Interruption::watch(std::chrono::seconds limit) {
  std::unique_lock lock(mutex_);
  if (ended_cv_.wait_for(lock, limit, [this] { return ended_; })) return;
  out_of_time_ = !stop.exchange(true);
}

}  // namespace cli
