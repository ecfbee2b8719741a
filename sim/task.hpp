// SPDX-License-Identifier: Apache-2.0
// Task: a piece of simulated kernel or user code that may be interrupted only where it says co_await.
//
// One thread has one chain of tasks, callee to caller; the world resumes the innermost one. Control always
// returns to the world's loop instead of jumping from task to task ("symmetric transfer"), because GCC 12
// turns such jumps into real calls in debug and sanitizer builds and overflows the host stack. Frames live
// in the world's arena, so a snapshot of the arena is a snapshot of every thread, and a task left behind in
// a dropped world needs no destructor.
//
// The customs that GCC 12.2 forces, each shown in task_test.cpp: one co_await a statement, its result in a
// named variable; no owning temporaries as arguments of a task.
#pragma once
#include <coroutine>
#include <type_traits>

#include "sim/current.hpp"

namespace sim {

// Where a task waits: the place of its latest co_await.
struct Where {
  const char* function = "(not started)";
  const char* file = "";
  int line = 0;
  int padding = 0;
};
static_assert(std::has_unique_object_representations_v<Where>, "padding would tell equal worlds apart");

struct TaskPromise {
  TaskPromise* caller = nullptr;
  std::coroutine_handle<> self;
  Where where;

  static void* operator new(std::size_t size) { return current.arena->push_frame(current.thread, size); }
  static void operator delete(void* frame, std::size_t size) {
    current.arena->pop_frame(current.thread, frame, size);
  }

  // Every co_await notes its own place; the notes of a chain are the thread's simulated stack.
  template <class Awaitable>
  Awaitable&& await_transform(Awaitable&& awaitable, const char* function = __builtin_FUNCTION(),
                              const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
    where = {function, file, line, 0};
    return static_cast<Awaitable&&>(awaitable);
  }
  std::suspend_always initial_suspend() noexcept { return {}; }
  [[noreturn]] void unhandled_exception();  // nothing in a world throws
};

template <class T>
struct [[nodiscard]] Task;

namespace detail {

struct ReturnToCaller {
  bool await_ready() noexcept { return false; }
  template <class Promise>
  void await_suspend(std::coroutine_handle<Promise> task) noexcept {
    current.innermost = task.promise().caller;
  }
  void await_resume() noexcept {}
};

template <class T>
struct Promise : TaskPromise {
  T value{};
  Task<T> get_return_object();
  ReturnToCaller final_suspend() noexcept { return {}; }
  void return_value(T result) { value = result; }
};

template <>
struct Promise<void> : TaskPromise {
  Task<void> get_return_object();
  ReturnToCaller final_suspend() noexcept { return {}; }
  void return_void() {}
};

}  // namespace detail

template <class T>
struct [[nodiscard]] Task {
  static_assert(std::is_void_v<T> || std::is_trivially_copyable_v<T>, "a task's result lives in its frame");
  using promise_type = detail::Promise<T>;
  std::coroutine_handle<promise_type> frame;

  bool await_ready() const { return false; }
  template <class CallerPromise>
  void await_suspend(std::coroutine_handle<CallerPromise> caller) {
    frame.promise().caller = &caller.promise();
    current.innermost = &frame.promise();
  }
  T await_resume() {
    if constexpr (std::is_void_v<T>) {
      frame.destroy();
    } else {
      T value = frame.promise().value;
      frame.destroy();
      return value;
    }
  }
};

template <class T>
Task<T> detail::Promise<T>::get_return_object() {
  auto frame = std::coroutine_handle<Promise>::from_promise(*this);
  self = frame;
  return {frame};
}
inline Task<void> detail::Promise<void>::get_return_object() {
  auto frame = std::coroutine_handle<Promise>::from_promise(*this);
  self = frame;
  return {frame};
}

}  // namespace sim
