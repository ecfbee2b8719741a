// SPDX-License-Identifier: Apache-2.0
// Task: the body of a simulated thread, or a part of one. `co_await` means: here any other thread may run.
//
// A task's frame lies in the simulated world, which is copied, compared and hashed as bytes. So what it keeps
// across a co_await (arguments, locals, results) is bytes too: numbers, letters, enumerations, pointers into
// the world, and structs of those without padding. No std::string, no container, nothing from the heap.
// What can be checked when the program is compiled is checked here; the rest when it is explored.
//
// With GCC 12 a co_await is a statement of its own, or initialises a variable: never in the condition of an
// `if` or a loop.
#pragma once
#include <type_traits>

#include "sim/task.hpp"

namespace uffdsim {

// Whether a value may live in a world: bytes, all of which were written by somebody.
template <class T>
inline constexpr bool is_plain_bytes = std::is_trivially_copyable_v<T> &&
                                       (std::has_unique_object_representations_v<T> ||
                                        std::is_floating_point_v<T>);

template <class T = void>
struct Task;

namespace detail {

template <class T>
struct Promise : sim::detail::Promise<T> {
  Task<T> get_return_object();
};

// A coroutine keeps a reference to the lambda that it is the body of, which is gone by then, with its
// captures. While its body is compiled, a lambda's type is not complete yet; a scenario's is.
template <class T>
concept Complete = requires {
  sizeof(std::remove_reference_t<T>);
};
template <class T>
concept IsLambda = std::is_reference_v<T> && !Complete<T>;
template <class T>
concept Argument = std::is_lvalue_reference_v<T> ||
    (!std::is_reference_v<T> && (is_plain_bytes<T> || std::is_empty_v<T>));

}  // namespace detail

template <class T>
struct [[nodiscard]] Task : sim::Task<T> {
  static_assert(std::is_void_v<T> || is_plain_bytes<T>,
                "what a Task gives back is kept in the simulated world: it must be trivially copyable and "
                "without padding");
  using promise_type = detail::Promise<T>;
};

template <class T>
Task<T> detail::Promise<T>::get_return_object() {
  // The engine knows the frame by the promise it knows; ours adds nothing to it.
  static_assert(sizeof(Promise) == sizeof(sim::detail::Promise<T>) &&
                alignof(Promise) == alignof(sim::detail::Promise<T>));
  return Task<T>{sim::detail::Promise<T>::get_return_object()};
}

}  // namespace uffdsim

template <class T, class... Arguments>
struct std::coroutine_traits<uffdsim::Task<T>, Arguments...> {
  static_assert((!uffdsim::detail::IsLambda<Arguments> && ...),
                "a lambda cannot be a Task: what it captured is gone when it goes on. Use a member function "
                "of the scenario");
  static_assert(
      (uffdsim::detail::Argument<Arguments> && ...),
      "an argument of a Task is kept in the simulated world: it must be trivially copyable and without "
      "padding, or a reference to something in the scenario");
  using promise_type = typename uffdsim::Task<T>::promise_type;
};
