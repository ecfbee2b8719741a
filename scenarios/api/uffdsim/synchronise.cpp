// SPDX-License-Identifier: Apache-2.0
// Mutex, ConditionVariable, and what Shared and Queue stand on. A thread whose process ends stops waiting.
#include <fmt/format.h>

#include "sim/point.hpp"
#include "uffdsim/claim.hpp"
#include "uffdsim/mutex.hpp"
#include "uffdsim/queue.hpp"
#include "uffdsim/shared.hpp"
#include "uffdsim/telling.hpp"
#include "uffdsim/world.hpp"

namespace uffdsim {
namespace {

using detail::die;
using detail::killed;

bool is_killed(sim::ThreadId thread) { return sim::current.world->thread(thread).fatal_signal; }

// Waits for a mutex. It is told by its name, and by who has it.
struct Acquire : sim::Suspend<Acquire> {
  const Mutex* mutex;
  explicit Acquire(const Mutex* wanted) : mutex(wanted) {}
  sim::Wait wait() const {
    const auto ready = [](const void* object, sim::ThreadId thread) {
      return static_cast<const Mutex*>(object)->holder() == sim::kNoThread || is_killed(thread);
    };
    const auto holder = [](const void* object) { return static_cast<const Mutex*>(object)->holder(); };
    return {.ready = ready, .object = const_cast<Mutex*>(mutex), .what = mutex->name(), .holder = holder};
  }
};

sim::Task<void> lock_mutex(const Mutex* mutex, sim::Cell<sim::ThreadId>* owner) {
  detail::begins([&] { return fmt::format("lock {}", mutex->name()); });
  co_await Acquire(mutex);
  if (killed()) co_await die();
  owner->write(sim::current.thread);
  if (sim::observed()) detail::tell_returns("");
}

sim::Task<bool> try_lock_mutex(const Mutex* mutex, sim::Cell<sim::ThreadId>* owner) {
  detail::begins([&] { return fmt::format("trylock {}", mutex->name()); });
  co_await sim::point(mutex->name());
  if (killed()) co_await die();
  const bool free = owner->read() == sim::kNoThread;
  if (free) owner->write(sim::current.thread);
  if (sim::observed()) detail::tell_returns(free ? "got it" : "busy");
  co_return free;
}

bool was_notified(const void* waiters, sim::ThreadId thread) {
  const std::uint8_t bits = static_cast<const sim::Cell<std::uint8_t>*>(waiters)->peek();
  return !(bits >> thread & 1) || is_killed(thread);
}

std::uint8_t without(std::uint8_t bits, int thread) {
  return static_cast<std::uint8_t>(bits & ~(1u << thread));
}

sim::Task<void> wait_for(sim::Cell<std::uint8_t>* waiters, const Mutex* mutex) {
  detail::begins([&] { return fmt::format("wait, without {}", mutex->name()); });
  co_await detail::shared_access();
  waiters->write(static_cast<std::uint8_t>(waiters->read() | 1u << sim::current.thread));
  mutex->unlock();
  co_await sim::PointWhen(was_notified, waiters, "a notification");
  if (killed()) co_await die();
  co_await mutex->lock();
  if (sim::observed()) detail::tell_returns("");
}

sim::Task<void> notify_all_of(sim::Cell<std::uint8_t>* waiters) {
  detail::begins([] { return std::string("notify all"); });
  co_await detail::shared_access();
  waiters->write(0);
  if (sim::observed()) detail::tell_returns("");
}

sim::Task<void> notify_one_of(sim::Cell<std::uint8_t>* waiters) {
  detail::begins([] { return std::string("notify one"); });
  co_await detail::shared_access();
  std::uint8_t count = 0;
  for (int thread = 0; thread < sim::kMaxThreads; ++thread) {
    count = static_cast<std::uint8_t>(count + (waiters->read() >> thread & 1));
  }
  std::uint8_t which = co_await sim::choose(count, "who is notified");
  if (sim::observed()) detail::tell_returns("");
  for (int thread = 0; thread < sim::kMaxThreads; ++thread) {
    if (!(waiters->read() >> thread & 1)) continue;
    if (which-- > 0) continue;
    waiters->write(without(waiters->read(), thread));
    break;
  }
}

struct WhenReady {
  bool (*ready)(const void* object);
  const void* object;
};

struct PointWhenReady : sim::Suspend<PointWhenReady> {
  const WhenReady* when;
  const char* what;
  PointWhenReady(const WhenReady* condition, const char* access) : when(condition), what(access) {}
  sim::Wait wait() const {
    const auto ready = [](const void* object, sim::ThreadId thread) {
      const auto* condition = static_cast<const WhenReady*>(object);
      return condition->ready(condition->object) || is_killed(thread);
    };
    return {.ready = ready, .object = const_cast<WhenReady*>(when), .what = what};
  }
};

}  // namespace

sim::Task<void> Mutex::lock() const { return lock_mutex(this, &owner_); }
sim::Task<bool> Mutex::try_lock() const { return try_lock_mutex(this, &owner_); }

void Mutex::unlock() const {
  expect_held();
  owner_.write(sim::kNoThread);
  if (sim::observed()) detail::tell_did(fmt::format("unlock {}", name_));
}

void Mutex::expect_held() const {
  if (owner_.read() == sim::current.thread) return;
  const sim::Where& place = sim::current.innermost->where;
  detail::expect_failed("a mutex that is released, or that protects what is used, is held", place.file,
                        place.line);
}

sim::Task<void> ConditionVariable::wait(const Mutex& mutex) const { return wait_for(&waiters_, &mutex); }
sim::Task<void> ConditionVariable::notify_one() const { return notify_one_of(&waiters_); }
sim::Task<void> ConditionVariable::notify_all() const { return notify_all_of(&waiters_); }

sim::Task<void> detail::shared_access() {
  co_await sim::point("shared variable");
  if (killed()) co_await die();
}

sim::Task<void> detail::shared_access_when(bool (*ready)(const void*), const void* object, const char* what) {
  const WhenReady when{ready, object};
  co_await PointWhenReady(&when, what);
  if (killed()) co_await die();
}

}  // namespace uffdsim
