// SPDX-License-Identifier: Apache-2.0
// Lock: mutual exclusion, for the kernel's spinlocks and for mutexes alike (the class says which). Taking it
// is a scheduling point; releasing it is not. A thread that waits for it cannot run until it is free, so
// waiting costs no steps.
//
// Simplified: waiters are not queued. Who gets a contended lock is the scheduler's choice, every choice is
// explored, and so nobody can starve that could not starve for a fair lock too.
#pragma once
#include "sim/assert.hpp"
#include "sim/held_locks.hpp"
#include "sim/point.hpp"

namespace sim {

class Lock : public AnyLock {
 public:
  explicit Lock(const LockClass& lock_class) : AnyLock(lock_class) {}

  struct Acquire : Suspend<Acquire> {
    Lock* lock;
    explicit Acquire(Lock* wanted) : lock(wanted) {}
    Wait wait() const {
      return {.ready = is_free, .object = lock, .what = lock->lock_class().name, .holder = holder_of};
    }
    void await_resume() const { lock->take(); }
  };
  Acquire lock() { return Acquire(this); }

  // Without a scheduling point: stands after one, or where the lock cannot be contended.
  bool try_lock() {
    touch(this, sizeof *this, Access::write);
    if (owner_ != kNoThread) return false;
    take();
    return true;
  }

  void unlock() {
    SIM_ASSERT(owner_ == current.thread);
    touch(this, sizeof *this, Access::write);
    owner_ = kNoThread;
    forget_held(*this);
  }

  bool held_by_me() const { return owner_ == current.thread; }
  ThreadId owner() const { return owner_; }

 private:
  static bool is_free(const void* lock, ThreadId) { return static_cast<const Lock*>(lock)->owner_ == kNoThread; }
  static ThreadId holder_of(const void* lock) { return static_cast<const Lock*>(lock)->owner_; }
  void take() {
    SIM_ASSERT(owner_ == kNoThread);
    touch(this, sizeof *this, Access::write);
    owner_ = current.thread;
    remember_held(*this);
  }

  ThreadId owner_ = kNoThread;
};

}  // namespace sim
