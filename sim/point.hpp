// SPDX-License-Identifier: Apache-2.0
// Scheduling points: the awaitables at which a thread can be overtaken. One stands before every lock
// acquisition (the locks have their own) and before every lockless access to shared state, nowhere else.
#pragma once
#include "sim/footprint.hpp"
#include "sim/world.hpp"

namespace sim {

// Suspends the running thread for the reason that Derived::wait() gives; the base of all awaitables but
// choose(). Awaitables are kept small, because each has a place in the frame of every task that uses it.
template <class Derived>
struct Suspend {
  bool await_ready() const noexcept { return false; }
  template <class Promise>
  void await_suspend(std::coroutine_handle<Promise>) noexcept {
    current_thread().wait = static_cast<const Derived*>(this)->wait();
    current.at_point = true;
  }
  void await_resume() const noexcept {}
};

struct Point : Suspend<Point> {
  const char* what;
  explicit Point(const char* access) : what(access) {}
  Wait wait() const { return {.what = what}; }
};

// Any other thread may run before what follows. `what` names the access: "userfaultfd_must_wait".
inline Point point(const char* what) { return Point(what); }

// The same, but the thread cannot go on before ready(object, thread).
struct PointWhen : Suspend<PointWhen> {
  bool (*ready)(const void* object, ThreadId thread);
  void* object;
  const char* what;
  PointWhen(bool (*condition)(const void*, ThreadId), void* of, const char* access)
      : ready(condition), object(of), what(access) {}
  Wait wait() const { return {.ready = ready, .object = object, .what = what}; }
};

// --- Sleeping, as Linux does it: set the state, look once more, then schedule(). ---------------------

// From here a wake_up() is not lost: schedule() will return at once.
inline void set_current_state(RunState state) {
  touch(&current_thread().state, sizeof(RunState), Access::write);
  current_thread().state = state;
}

inline void wake_up(ThreadId thread) {
  Thread& sleeper = current.world->thread(thread);
  touch(&sleeper.state, sizeof(RunState), Access::write);
  sleeper.state = RunState::running;
}

// Off the CPU until somebody has set this thread's state to running, or killed it. Asserts that no spinlock
// is held.
struct Sleep : Suspend<Sleep> {
  const char* what;
  explicit Sleep(const char* reason) : what(reason) {}
  Wait wait() const;
};
Sleep schedule(const char* what);

// --- Questions ------------------------------------------------------------------------------------

// The one door for nondeterminism other than "who runs next": returns 0 .. options-1, and every value is
// explored. A choice among one is not a question.
struct Choose {
  std::uint8_t options;
  const char* what;
  bool await_ready() const noexcept { return options <= 1; }
  template <class Promise>
  void await_suspend(std::coroutine_handle<Promise>) noexcept { ask(); }
  std::uint8_t await_resume() const noexcept;

 private:
  void ask() const noexcept;
};
inline Choose choose(std::uint8_t options, const char* what) { return {options, what}; }

// --- The simulated kernel's own end ------------------------------------------------------------------

// The simulated kernel has reached a BUG_ON, or corrupted memory: an outcome, not an error of ours. The
// world stops at the end of this step. `text` must outlive the world.
inline void kernel_bug(const char* text) { current.world->set_bug(text); }

}  // namespace sim
