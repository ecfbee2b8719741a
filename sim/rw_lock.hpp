// SPDX-License-Identifier: Apache-2.0
// RwLock: many readers or one writer, in the order in which they came: a reader that arrives while a writer
// waits queues behind it (so a thread that reads twice around a waiting writer deadlocks, as with
// rw_semaphore). Follows the kernel's rw_semaphore. When a reader's turn comes, all queued readers are let in
// with it.
//
// Readers that come and go while nobody waits leave footprints that do not meet: each has a byte of its own.
//
// Simplified: no lock stealing; a release hands the lock to the head of the queue. A thief is a thread that
// came before the queue formed, and that schedule is explored too.
#pragma once
#include <cstdint>

#include "sim/assert.hpp"
#include "sim/held_locks.hpp"
#include "sim/point.hpp"

namespace sim {

class RwLock : public AnyLock {
 public:
  explicit RwLock(const LockClass& lock_class) : AnyLock(lock_class) {}

  struct AcquireRead : Suspend<AcquireRead> {
    RwLock* lock;
    explicit AcquireRead(RwLock* wanted) : lock(wanted) {}
    Wait wait() const { return lock->wait_for(arrive_reader); }
  };
  struct AcquireWrite : Suspend<AcquireWrite> {
    RwLock* lock;
    explicit AcquireWrite(RwLock* wanted) : lock(wanted) {}
    Wait wait() const { return lock->wait_for(arrive_writer); }
  };
  AcquireRead read_lock() { return AcquireRead(this); }
  AcquireWrite write_lock() { return AcquireWrite(this); }

  // Without a scheduling point: stands after one. Fails if a writer holds it or waits.
  bool try_read_lock();
  // The same for writing: fails if anybody holds it or waits.
  bool try_write_lock();
  void read_unlock();
  void write_unlock();
  void downgrade();  // from writer to reader

  bool write_held() const { return writer_ != kNoThread; }
  bool write_held_by_me() const { return writer_ == current.thread; }
  bool read_held_by_me() const { return reads_[current.thread] != 0; }
  bool held_by_me() const { return write_held_by_me() || read_held_by_me(); }
  ThreadId writer() const { return writer_; }
  bool idle() const { return writer_ == kNoThread && !read_held() && queued_ == 0; }

 private:
  Wait wait_for(bool (*arrive)(void*, ThreadId)) {
    return {
        .ready = granted, .arrive = arrive, .object = this, .what = lock_class().name, .holder = holder_of};
  }
  static bool arrive_reader(void* lock, ThreadId thread);
  static bool arrive_writer(void* lock, ThreadId thread);
  static bool granted(const void* lock, ThreadId thread);
  static ThreadId holder_of(const void* lock);
  void admit_reader(ThreadId thread);
  void admit_writer(ThreadId thread);
  bool read_held() const;
  void touch_as_reader(ThreadId thread) const;
  enum class Wants : std::uint8_t { read, write };
  void enqueue(ThreadId thread, Wants wants);
  void hand_over();
  void touched(Access access) { touch(this, sizeof *this, access); }

  ThreadId writer_ = kNoThread;
  std::uint8_t queued_ = 0;          // length of queue_
  std::uint8_t queued_writers_ = 0;  // a bit a thread
  ThreadId queue_[kMaxThreads] = {};
  std::uint8_t reads_[kMaxThreads] = {};  // 1: this thread
};

}  // namespace sim
