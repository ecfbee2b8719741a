// SPDX-License-Identifier: Apache-2.0
// Scheduling points: the awaitables at which a thread can be overtaken. One stands before every lock
// acquisition (the locks have their own) and before every lockless access to shared state, nowhere else.
#pragma once
#include "sim/footprint.hpp"
#include "sim/world.hpp"

namespace sim {

// Suspends the running thread with a reason; the base of all awaitables but choose().
struct Suspend {
  Wait wait;
  bool await_ready() const noexcept { return false; }
  template <class Promise>
  void await_suspend(std::coroutine_handle<Promise>) noexcept {
    current_thread().wait = wait;
    current.at_point = true;
  }
};

struct Point : Suspend {
  void await_resume() const noexcept {}
};

// Any other thread may run before what follows. `what` names the access: "userfaultfd_must_wait".
inline Point point(const char* what) { return {{.wait = {.what = what}}}; }

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
Point schedule(const char* what);

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
