// SPDX-License-Identifier: Apache-2.0
// Queue<T, N>: a bounded queue of values that threads hand each other, first in, first out.
#pragma once
#include <array>
#include <cstdint>

#include "sim/cell.hpp"
#include "uffdsim/task.hpp"

namespace uffdsim {

namespace detail {

// Before an access that has to wait until ready(object).
sim::Task<void> shared_access_when(bool (*ready)(const void* object), const void* object, const char* what);

}  // namespace detail

template <class T, std::size_t N>
class Queue {
  static_assert(is_plain_bytes<T>, "what is queued must be trivially copyable and without padding");

 public:
  // Waits while it is full.
  sim::Task<void> push(T item) const { return push_to(this, item); }
  // Waits while it is empty.
  sim::Task<T> pop() const { return pop_from(this); }

  // For looking from outside.
  std::uint64_t size() const { return count_.peek(); }

 private:
  static bool has_room(const void* queue) { return static_cast<const Queue*>(queue)->count_.peek() < N; }
  static bool has_item(const void* queue) { return static_cast<const Queue*>(queue)->count_.peek() > 0; }
  static sim::Task<void> push_to(const Queue* queue, T item) {
    co_await detail::shared_access_when(has_room, queue, "room in a queue");
    queue->items_.modify()[queue->count_.read()] = item;
    queue->count_.write(queue->count_.read() + 1);
  }
  static sim::Task<T> pop_from(const Queue* queue) {
    co_await detail::shared_access_when(has_item, queue, "something in a queue");
    std::array<T, N>& items = queue->items_.modify();
    const T first = items[0];
    const std::uint64_t left = queue->count_.read() - 1;
    for (std::uint64_t i = 0; i < left; ++i) items[i] = items[i + 1];
    items[left] = T{};
    queue->count_.write(left);
    co_return first;
  }

  mutable sim::Cell<std::array<T, N>> items_{};
  mutable sim::Cell<std::uint64_t> count_{};
};

}  // namespace uffdsim
