// SPDX-License-Identifier: Apache-2.0
#include "sim/held_locks.hpp"

#include "sim/assert.hpp"
#include "sim/world.hpp"

namespace sim {

void remember_held_by(ThreadId id, const AnyLock& lock) {
  Thread& thread = current.world->thread(id);
  if (lock_order) {
    for (int i = 0; i < thread.held_count; ++i) lock_order->taken(thread.held[i]->lock_class(), lock.lock_class());
  }
  SIM_ASSERT(thread.held_count < Thread::kMaxHeld);
  thread.held[thread.held_count++] = &lock;
}

void forget_held(const AnyLock& lock) {
  Thread& thread = current_thread();
  int at = 0;
  while (at < thread.held_count && thread.held[at] != &lock) ++at;
  SIM_ASSERT(at < thread.held_count);
  for (; at + 1 < thread.held_count; ++at) thread.held[at] = thread.held[at + 1];
  thread.held[at] = nullptr;
  --thread.held_count;
}

bool holds_a_spinlock() {
  const Thread& thread = current_thread();
  for (int i = 0; i < thread.held_count; ++i) {
    if (thread.held[i]->lock_class().sleeps == Sleeps::no) return true;
  }
  return false;
}

}  // namespace sim
