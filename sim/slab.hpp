// SPDX-License-Identifier: Apache-2.0
// Slab: objects of one type that come and go. The lowest free place is handed out first and a freed object
// is zeroed, so equal sets of objects lie at equal places whatever happened before, and a stale pointer
// reads zeros. Chunks double in size, so a small world stays small and a replay may have a million objects.
#pragma once
#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

#include "sim/assert.hpp"
#include "sim/current.hpp"
#include "sim/footprint.hpp"

namespace sim {

template <class T>
class Slab {
  static_assert(dropped_with_its_world<T>, "a world is dropped, never destroyed");

 public:
  template <class... Args>
  T* allocate(Args&&... args) {
    Chunk** link = &first_;
    std::uint32_t capacity = kFirst;
    for (; *link && (*link)->used == (*link)->capacity; link = &(*link)->next) capacity = (*link)->capacity * 2;
    if (!*link) {
      touch(link, sizeof *link, Access::write);
      *link = make_chunk(capacity);
    }
    Chunk& chunk = **link;
    const std::uint32_t place = lowest_free(chunk);
    chunk.taken[place / 64] |= std::uint64_t{1} << place % 64;
    ++chunk.used;
    touch(this, sizeof *this, Access::write);
    touch_chunk(chunk, place);
    return new (chunk.objects + place) T{std::forward<Args>(args)...};
  }

  void release(T* object) {
    Chunk* chunk = first_;
    while (chunk && (object < chunk->objects || object >= chunk->objects + chunk->capacity)) chunk = chunk->next;
    SIM_ASSERT(chunk);
    const auto place = static_cast<std::uint32_t>(object - chunk->objects);
    SIM_ASSERT(chunk->taken[place / 64] >> place % 64 & 1);
    chunk->taken[place / 64] &= ~(std::uint64_t{1} << place % 64);
    chunk->first_free = std::min(chunk->first_free, place / 64);
    --chunk->used;
    touch(this, sizeof *this, Access::write);
    touch_chunk(*chunk, place);
    std::memset(static_cast<void*>(object), 0, sizeof(T));
  }

  // How many objects are alive. Leaves no footprint.
  std::uint32_t alive() const {
    std::uint32_t total = 0;
    for (const Chunk* chunk = first_; chunk; chunk = chunk->next) total += chunk->used;
    return total;
  }

  // Calls visit(object) for every live object, by place. Leaves no footprint.
  template <class Visit>
  void for_each(Visit visit) const {
    for (const Chunk* chunk = first_; chunk; chunk = chunk->next) {
      for (std::uint32_t place = 0; place < chunk->capacity; ++place) {
        if (chunk->taken[place / 64] >> place % 64 & 1) visit(chunk->objects[place]);
      }
    }
  }

 private:
  static constexpr std::uint32_t kFirst = 1;  // objects in the first chunk
  struct Chunk {
    Chunk* next;
    T* objects;
    std::uint64_t* taken;  // a bit an object
    std::uint32_t capacity;
    std::uint32_t used;
    std::uint32_t first_free;  // words of `taken` below this are full
  };

  static Chunk* make_chunk(std::uint32_t capacity) {
    Arena& arena = *current.arena;
    touch(&arena, 1, Access::write);  // whichever slab grows first gets the lower addresses
    auto* objects = static_cast<T*>(arena.allocate(capacity * sizeof(T), alignof(T)));
    auto* taken = static_cast<std::uint64_t*>(arena.allocate((capacity + 63) / 64 * sizeof(std::uint64_t), 8));
    return arena.make<Chunk>(nullptr, objects, taken, capacity, 0u, 0u);
  }

  static void touch_chunk(Chunk& chunk, std::uint32_t place) {
    touch(&chunk, sizeof chunk, Access::write);
    touch(chunk.taken + place / 64, sizeof *chunk.taken, Access::write);
    touch(chunk.objects + place, sizeof(T), Access::write);
  }

  static std::uint32_t lowest_free(Chunk& chunk) {
    std::uint32_t word = chunk.first_free;
    while (chunk.taken[word] == ~std::uint64_t{0}) ++word;
    chunk.first_free = word;
    const std::uint32_t place = word * 64 + static_cast<std::uint32_t>(std::countr_one(chunk.taken[word]));
    SIM_ASSERT(place < chunk.capacity);
    return place;
  }

  Chunk* first_ = nullptr;
};

}  // namespace sim
