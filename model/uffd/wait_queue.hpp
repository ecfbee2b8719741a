// SPDX-License-Identifier: Apache-2.0
// The queues of a context, and what waits on them. A waiter lies in the frame of the thread that waits, is on
// one queue at a time, and is taken off by whoever wakes it.
#pragma once
#include "model/mm/list.hpp"
#include "model/mm/locks.hpp"
#include "model/uffd/message.hpp"
#include "sim/assert.hpp"
#include "sim/cell.hpp"
#include "sim/lock.hpp"

namespace model {

class WaitQueue;

// A thread that waits: for the resolution of a fault, for an event to be read, or for something to read
// (userfaultfd_wait_queue, wait_queue_entry).
struct Waiter {
  sim::ThreadId thread = sim::current.thread;  // kNoThread: an epoll instance
  sim::Cell<WaitQueue*> on;  // the queue it is on, or is just being moved off; null for none
  sim::Cell<Message> message;
  ListHook link;
};

// The wake-up of a waiter that is no thread.
void ep_poll_callback(Waiter& waiter);

// wait_queue_head. First in, first out.
class WaitQueue {
 public:
  explicit WaitQueue(const sim::LockClass& lock_class) : lock(lock_class) {}

  sim::Lock lock;

  // Called with `lock` held.
  void add(Waiter& waiter) {
    SIM_ASSERT(lock.held_by_me());
    waiters_.push_back(waiter);
    waiter.on.write(this);
  }
  void remove(Waiter& waiter) {
    SIM_ASSERT(waiter.on.read() == this);
    waiters_.erase(waiter);
    waiter.on.write(nullptr);
  }
  // Takes the waiter off to put it on another queue: it does not look woken meanwhile.
  void begin_move(Waiter& waiter) { waiters_.erase(waiter); }
  // Puts it back behind the others.
  void put_back(Waiter& waiter) { waiters_.push_back(waiter); }
  Waiter& oldest() { return waiters_.front(); }

  // Wakes the waiters that `match` accepts and takes them off. Called with `lock` held.
  template <class Match>
  void wake_and_remove(Match match) {
    waiters_.for_each_safely([&](Waiter& waiter) {
      if (!match(waiter)) return;
      sim::wake_up(waiter.thread);
      remove(waiter);
    });
  }
  // Wakes all and leaves them on. Called with `lock` held.
  void wake_all() {
    for (Waiter& waiter : waiters_) {
      if (waiter.thread == sim::kNoThread) {
        ep_poll_callback(waiter);
      } else {
        sim::wake_up(waiter.thread);
      }
    }
  }

  // waitqueue_active(): may be asked without the lock, at a scheduling point.
  bool active() const { return !waiters_.empty(); }
  std::size_t length() const { return waiters_.size(); }

  // For looking from outside the simulation.
  const auto& peek() const { return waiters_.peek(); }

 private:
  List<Waiter, &Waiter::link> waiters_;
};

}  // namespace model
