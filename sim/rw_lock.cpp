// SPDX-License-Identifier: Apache-2.0
#include "sim/rw_lock.hpp"

#include <algorithm>
#include <utility>

namespace sim {
namespace {

std::uint8_t bit(ThreadId thread) { return static_cast<std::uint8_t>(1u << thread); }

}  // namespace

bool RwLock::read_held() const {
  return std::any_of(std::begin(reads_), std::end(reads_), [](std::uint8_t reads) { return reads != 0; });
}

// For a reader that finds no writer and no queue, whatever other readers do.
void RwLock::touch_as_reader(ThreadId thread) const {
  touch(&writer_, sizeof writer_, Access::read);
  touch(&queued_, sizeof queued_, Access::read);
  touch(&reads_[thread], sizeof reads_[thread], Access::write);
}

void RwLock::admit_reader(ThreadId thread) {
  reads_[thread] = 1;
  remember_held_by(thread, *this);
}

void RwLock::admit_writer(ThreadId thread) {
  writer_ = thread;
  remember_held_by(thread, *this);
}

bool RwLock::arrive_reader(void* object, ThreadId thread) {
  RwLock& lock = *static_cast<RwLock*>(object);
  SIM_ASSERT(lock.writer_ != thread && !lock.reads_[thread]);
  if (lock.writer_ == kNoThread && lock.queued_ == 0) {
    lock.touch_as_reader(thread);
    lock.admit_reader(thread);
    return true;
  }
  lock.touched(Access::write);
  lock.enqueue(thread, Wants::read);
  return false;
}

bool RwLock::arrive_writer(void* object, ThreadId thread) {
  RwLock& lock = *static_cast<RwLock*>(object);
  lock.touched(Access::write);
  SIM_ASSERT(lock.writer_ != thread && !lock.reads_[thread]);
  if (lock.writer_ == kNoThread && !lock.read_held() && lock.queued_ == 0) {
    lock.admit_writer(thread);
    return true;
  }
  lock.enqueue(thread, Wants::write);
  return false;
}

bool RwLock::granted(const void* object, ThreadId thread) {
  const RwLock& lock = *static_cast<const RwLock*>(object);
  return lock.writer_ == thread || lock.reads_[thread];
}

ThreadId RwLock::holder_of(const void* object) {
  const RwLock& lock = *static_cast<const RwLock*>(object);
  if (lock.writer_ != kNoThread) return lock.writer_;
  for (ThreadId thread = 0; thread < kMaxThreads; ++thread) {
    if (lock.reads_[thread]) return thread;
  }
  return kNoThread;
}

void RwLock::enqueue(ThreadId thread, Wants wants) {
  queue_[queued_++] = thread;
  if (wants == Wants::write) queued_writers_ = static_cast<std::uint8_t>(queued_writers_ | bit(thread));
}

bool RwLock::try_read_lock() {
  touch_as_reader(current.thread);
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
  touch_as_reader(current.thread);
  reads_[current.thread] = 0;
  forget_held(*this);
  if (queued_ == 0) return;
  touched(Access::write);  // with a queue it matters who is the last to leave
  if (!read_held()) hand_over();
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
  reads_[current.thread] = 1;
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
