// SPDX-License-Identifier: Apache-2.0
// Arena: the one block of memory that holds a simulated world.
//
// Objects are laid down one after the other; beside them each thread has a stack for its task frames,
// because a thread's calls are strictly nested. Dead frames and dead objects are zeroed. So the bytes of a
// world depend on where its threads are, not on how they got there: a world can be saved, restored and
// hashed as bytes.
//
// Pointers into the arena are the only thing in it that depends on where it lies. load() moves them when
// the bytes were saved from another arena, and hash() counts them from the arena's start; the arena's
// address is chosen where no simulated program has a number (see arena.cpp).
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <new>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace sim {

inline constexpr int kMaxThreads = 8;

// A type whose destructor need not run when its world is dropped, although it is not trivial (the hooks
// and containers of Boost.Intrusive). Specialise it beside such a type.
template <class T>
inline constexpr bool dropped_with_its_world = std::is_trivially_destructible_v<T>;

class Arena {
 public:
  struct Size {
    std::size_t objects = std::size_t{1} << 20;  // bytes for objects; touched only as they are used
    std::size_t stack = std::size_t{1} << 15;    // bytes for the frames of one thread
  };

  Arena() : Arena(Size{}) {}
  explicit Arena(Size size);
  ~Arena();
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  // Back to an empty, zeroed arena.
  void clear();

  // Zeroed bytes that live until clear(). Asserts when the arena is full.
  void* allocate(std::size_t size, std::size_t alignment);

  template <class T, class... Args>
  T* make(Args&&... args) {
    static_assert(dropped_with_its_world<T>, "a world is dropped, never destroyed");
    return new (allocate(sizeof(T), alignof(T))) T{std::forward<Args>(args)...};
  }

  // The frames of thread `thread`: strictly last in, first out.
  void* push_frame(int thread, std::size_t size);
  void pop_frame(int thread, void* frame, std::size_t size);
  // All of them, when the thread has finished: what is left in them must not tell two worlds apart.
  void drop_frames(int thread);

  // Bytes in use by objects and frames.
  std::size_t used() const;

  // Appends this world's bytes to `out`. load() makes this arena hold such bytes again.
  void save(std::vector<std::byte>& out) const;
  void load(std::span<const std::byte> saved);

  // Equal for equal worlds, whichever arena they are in.
  std::uint64_t hash() const;

  // The objects' bytes, for the footprint check.
  std::span<const std::byte> objects() const { return {base_, header_.objects_used}; }
  // The bytes of a thread's frames, likewise.
  std::span<const std::byte> frames(int thread) const {
    return {stack(thread), header_.stack_used[static_cast<std::size_t>(thread)]};
  }
  std::size_t offset_of(const void* address) const {
    return static_cast<std::size_t>(static_cast<const std::byte*>(address) - base_);
  }
  bool owns(const void* address) const {
    return address >= base_ && address < base_ + size_.objects;
  }

 private:
  struct Header {
    std::uint64_t base = 0;
    std::uint32_t objects_used = 0;
    std::array<std::uint32_t, kMaxThreads> stack_used{};
  };
  std::byte* stack(int thread) const { return base_ + size_.objects + static_cast<std::size_t>(thread) * size_.stack; }
  void relocate(std::byte* bytes, std::size_t size, std::uint64_t from) const;
  void poison_unused() const;

  Size size_;
  std::size_t capacity_ = 0;
  std::byte* base_ = nullptr;
  Header header_;
};

}  // namespace sim
