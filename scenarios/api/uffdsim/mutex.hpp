// SPDX-License-Identifier: Apache-2.0
// Mutex and ConditionVariable: pthread_mutex_t of the default kind, pthread_cond_t.
#pragma once
#include "sim/cell.hpp"
#include "sim/current.hpp"
#include "uffdsim/task.hpp"

namespace uffdsim {

class Mutex {
 public:
  constexpr Mutex() = default;
  constexpr explicit Mutex(const char* name) : name_(name) {}

  // Other threads may run before; waits while somebody has it. Who takes it twice waits forever.
  sim::Task<void> lock() const;
  // Whether it got it.
  sim::Task<bool> try_lock() const;
  // By its holder: anybody else breaks a claim.
  void unlock() const;
  // A claim: the running thread holds it.
  void expect_held() const;

  const char* name() const { return name_; }
  // For looking from outside.
  sim::ThreadId holder() const { return owner_.peek(); }

 private:
  const char* name_ = "a mutex";
  mutable sim::Cell<sim::ThreadId> owner_{sim::kNoThread};
};

// No spurious wake-ups: a wait without a loop around it is not convicted by them.
class ConditionVariable {
 public:
  // Releases the mutex and waits until it is notified; then takes the mutex again.
  sim::Task<void> wait(const Mutex& mutex) const;
  // Every choice of whom to wake is explored.
  sim::Task<void> notify_one() const;
  sim::Task<void> notify_all() const;

 private:
  mutable sim::Cell<std::uint8_t> waiters_{};  // a bit a thread
};

}  // namespace uffdsim
