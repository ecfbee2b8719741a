// SPDX-License-Identifier: Apache-2.0
// Shared<T>: a variable that several threads of the scenario use, as a std::atomic<T> that is sequentially
// consistent. Every access is a point at which other threads may run before it, so that all their
// interleavings are explored.
#pragma once
#include <string>
#include <type_traits>

#include "sim/cell.hpp"
#include "uffdsim/mutex.hpp"
#include "uffdsim/task.hpp"

namespace uffdsim {

namespace detail {

// Before an access to something that threads share: here others may run.
sim::Task<void> shared_access();
// For whoever reads the story of an execution.
void tell_shared(const char* what, const std::string& value);
template <class T>
std::string shown(const T& value) {
  if constexpr (std::is_same_v<T, char>) {
    return std::string(1, value);
  } else if constexpr (std::is_enum_v<T>) {
    return std::to_string(static_cast<long long>(value));
  } else if constexpr (std::is_arithmetic_v<T>) {
    return std::to_string(value);
  } else {
    return "…";
  }
}
bool is_observed();
template <class T>
void tell(const char* what, const T& value) {
  if (is_observed()) tell_shared(what, shown(value));
}

template <class T>
sim::Task<T> load(const sim::Cell<T>* cell) {
  co_await shared_access();
  const T value = cell->read();
  tell("reads", value);
  co_return value;
}
template <class T>
sim::Task<void> store(sim::Cell<T>* cell, T value) {
  co_await shared_access();
  cell->write(value);
  tell("writes", value);
}
template <class T>
sim::Task<T> exchange(sim::Cell<T>* cell, T value) {
  co_await shared_access();
  const T before = cell->read();
  cell->write(value);
  tell("exchanges for", value);
  co_return before;
}
template <class T>
sim::Task<T> fetch_add(sim::Cell<T>* cell, T summand) {
  co_await shared_access();
  const T before = cell->read();
  cell->write(static_cast<T>(before + summand));
  tell("adds to make", cell->peek());
  co_return before;
}
template <class T>
sim::Task<T> compare_exchange(sim::Cell<T>* cell, T expected, T desired) {
  co_await shared_access();
  const T before = cell->read();
  if (before == expected) cell->write(desired);
  tell(before == expected ? "compares, and writes" : "compares, and leaves", cell->peek());
  co_return before;
}

}  // namespace detail

template <class T>
class Shared {
  static_assert(is_plain_bytes<T>, "a shared variable must be trivially copyable and without padding");

 public:
  constexpr Shared() = default;
  constexpr Shared(T initial) : cell_(initial) {}

  sim::Task<T> load() const { return detail::load(&cell_); }
  sim::Task<void> store(T value) const { return detail::store(&cell_, value); }
  // Each gives back what was there before.
  sim::Task<T> exchange(T value) const { return detail::exchange(&cell_, value); }
  sim::Task<T> fetch_add(T summand) const { return detail::fetch_add(&cell_, summand); }
  sim::Task<T> compare_exchange(T expected, T desired) const {
    return detail::compare_exchange(&cell_, expected, desired);
  }

  // For a variable that a mutex protects: no point, because nobody else can come in between. That the thread
  // holds the mutex is a claim.
  const T& get(const Mutex& held) const {
    held.expect_held();
    return cell_.read();
  }
  void set(const Mutex& held, T value) const {
    held.expect_held();
    cell_.write(value);
    detail::tell("sets", value);
  }

  // For looking from outside: Scenario::at_end().
  const T& peek() const { return cell_.peek(); }

 private:
  // A thread's body is a const member, so that only what says so can change. This does.
  mutable sim::Cell<T> cell_{};
};

}  // namespace uffdsim
