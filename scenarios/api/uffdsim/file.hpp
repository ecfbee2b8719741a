// SPDX-License-Identifier: Apache-2.0
// File: a memfd that the scenario begins with, open for reading and writing: Setup::file(). Positions and
// lengths are whole pages.
#pragma once
#include <array>
#include <cstdint>
#include <type_traits>

#include "uffdsim/range.hpp"
#include "uffdsim/reply.hpp"
#include "uffdsim/task.hpp"

namespace uffdsim {

enum class Sharing : std::uint8_t { private_, shared };  // MAP_PRIVATE, MAP_SHARED

class File {
 public:
  constexpr File() = default;
  constexpr explicit File(std::int32_t number) : number_(number) {}
  constexpr std::int32_t number() const { return number_; }

  // ftruncate(2). EINVAL.
  sim::Task<Errno> truncate(std::uint64_t pages) const;
  // fallocate(2) with FALLOC_FL_PUNCH_HOLE.
  sim::Task<Errno> punch_hole(std::uint64_t first, std::uint64_t pages) const;
  // pwrite(2) of whole pages.
  sim::Task<Errno> write(std::uint64_t first, std::uint64_t pages, Letters letters) const;

 private:
  std::int32_t number_ = -1;
};

// What a mapping maps: anonymous private memory, anonymous shared memory, or a file from page `first` on.
struct Backing {
  File file{};
  Sharing sharing = Sharing::private_;
  std::array<std::uint8_t, 3> padding{};  // named, so that a copy takes it along
  std::uint64_t first = 0;
};
static_assert(std::has_unique_object_representations_v<Backing>, "padding would tell equal worlds apart");
// The pages of a file, shared.
constexpr Backing shared(File file, std::uint64_t first = 0) {
  return {.file = file, .sharing = Sharing::shared, .first = first};
}

}  // namespace uffdsim
