// SPDX-License-Identifier: Apache-2.0
// What each thread holds: for the owner and order checks, and for telling a person who waits for whom.
#pragma once
#include "sim/current.hpp"
#include "sim/lock_class.hpp"

namespace sim {

// Notes that the thread now holds the lock, and what it held already (the order).
void remember_held_by(ThreadId thread, const AnyLock& lock);
inline void remember_held(const AnyLock& lock) { remember_held_by(current.thread, lock); }
// The running thread has released it.
void forget_held(const AnyLock& lock);
// Whether the running thread holds a lock of a class whose holder may not sleep.
bool holds_a_spinlock();

}  // namespace sim
