// SPDX-License-Identifier: Apache-2.0
#include "sim/rw_lock.hpp"

#include <utility>

namespace sim {
namespace {

std::uint8_t bit(ThreadId thread) { return static_cast<std::uint8_t>(1u << thread); }

}  // namespace

void RwLock::admit_reader(ThreadId thread) {
  readers_ = static_cast<std::uint8_t>(readers_ | bit(thread));
  remember_held_by(thread, *this);
}

void RwLock::admit_writer(ThreadId thread) {
  writer_ = thread;
  remember_held_by(thread, *this);
}

bool RwLock::arrive_reader(void* object, ThreadId thread) {
  RwLock& lock = *static_cast<RwLock*>(object);
  lock.touched(Access::write);
  SIM_ASSERT(lock.writer_ != thread && !(lock.readers_ & bit(thread)));
  if (lock.writer_ == kNoThread && lock.queued_ == 0) {
    lock.admit_reader(thread);
    return true;
  }
  lock.enqueue(thread, Wants::read);
  return false;
}

bool RwLock::arrive_writer(void* object, ThreadId thread) {
  RwLock& lock = *static_cast<RwLock*>(object);
  lock.touched(Access::write);
  SIM_ASSERT(lock.writer_ != thread && !(lock.readers_ & bit(thread)));
  if (lock.writer_ == kNoThread && lock.readers_ == 0 && lock.queued_ == 0) {
    lock.admit_writer(thread);
    return true;
  }
  lock.enqueue(thread, Wants::write);
  return false;
}

bool RwLock::granted(const void* object, ThreadId thread) {
  const RwLock& lock = *static_cast<const RwLock*>(object);
  return lock.writer_ == thread || (lock.readers_ & bit(thread));
}

ThreadId RwLock::holder_of(const void* object) {
  const RwLock& lock = *static_cast<const RwLock*>(object);
  if (lock.writer_ != kNoThread) return lock.writer_;
  for (ThreadId thread = 0; thread < kMaxThreads; ++thread) {
    if (lock.readers_ & bit(thread)) return thread;
  }
  return kNoThread;
}

void RwLock::enqueue(ThreadId thread, Wants wants) {
  queue_[queued_++] = thread;
  if (wants == Wants::write) queued_writers_ = static_cast<std::uint8_t>(queued_writers_ | bit(thread));
}

bool RwLock::try_read_lock() {
  touched(Access::write);
  if (writer_ != kNoThread || queued_ != 0) return false;
  // A thread that does not wait cannot deadlock: as for lockdep, this says nothing about the order of
  // classes.
  LockOrder* const watched = std::exchange(lock_order, nullptr);
  admit_reader(current.thread);
  lock_order = watched;
  return true;
}

bool RwLock::try_write_lock() {
  touched(Access::write);
  if (!idle()) return false;
  LockOrder* const watched = std::exchange(lock_order, nullptr);
  admit_writer(current.thread);
  lock_order = watched;
  return true;
}

void RwLock::read_unlock() {
  SIM_ASSERT(read_held_by_me());
  touched(Access::write);
  readers_ = static_cast<std::uint8_t>(readers_ & ~bit(current.thread));
  forget_held(*this);
  if (readers_ == 0) hand_over();
}

void RwLock::write_unlock() {
  SIM_ASSERT(write_held_by_me());
  touched(Access::write);
  writer_ = kNoThread;
  forget_held(*this);
  hand_over();
}

void RwLock::downgrade() {
  SIM_ASSERT(write_held_by_me());
  touched(Access::write);
  writer_ = kNoThread;
  readers_ = bit(current.thread);
  if (queued_ != 0 && !(queued_writers_ & bit(queue_[0]))) hand_over();
}

void RwLock::hand_over() {
  if (queued_ == 0) return;
  const bool writer_first = queued_writers_ & bit(queue_[0]);
  std::uint8_t kept = 0;
  for (std::uint8_t i = 0; i < queued_; ++i) {
    const ThreadId thread = queue_[i];
    const bool writes = queued_writers_ & bit(thread);
    if (writer_first && i == 0) {
      admit_writer(thread);
      queued_writers_ = static_cast<std::uint8_t>(queued_writers_ & ~bit(thread));
    } else if (!writer_first && !writes) {
      admit_reader(thread);
    } else {
      queue_[kept++] = thread;
    }
  }
  for (std::uint8_t i = kept; i < queued_; ++i) queue_[i] = 0;  // dead entries must not tell worlds apart
  queued_ = kept;
}

}  // namespace sim
