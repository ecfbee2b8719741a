// SPDX-License-Identifier: Apache-2.0
// Ranges of the simulated address space, and what is written into their pages.
//
// A page of the simulation holds one letter, not 4096 bytes: enough to tell whose content is seen.
#pragma once
#include <array>
#include <concepts>
#include <cstdint>
#include <type_traits>

namespace uffdsim {

inline constexpr std::uint64_t kPageSize = 4096;

// Bytes [start, start + length).
struct Range {
  std::uint64_t start = 0;
  std::uint64_t length = 0;

  constexpr std::uint64_t pages() const { return length / kPageSize; }
  constexpr std::uint64_t end() const { return start + length; }
  // One page, or `count` pages, of it.
  constexpr Range page(std::integral auto number) const {
    return part(static_cast<std::uint64_t>(number), 1);
  }
  constexpr Range operator[](std::integral auto number) const { return page(number); }
  constexpr Range part(std::uint64_t first, std::uint64_t count) const {
    return {start + first * kPageSize, count * kPageSize};
  }
  constexpr bool contains(Range other) const { return start <= other.start && other.end() <= end(); }
  // Which page of this range the other one begins in; counted from 0.
  constexpr std::uint64_t page_of(Range other) const { return (other.start - start) / kPageSize; }
  friend constexpr bool operator==(const Range&, const Range&) = default;
};

// A memory region of the scenario: Setup::region().
struct Region : Range {};

// One letter a page, the last one repeated: 'A', or "AB". At most seven.
class Letters {
 public:
  constexpr Letters(char letter) : letters_{letter}, count_(1) {}
  template <std::size_t N>
  constexpr Letters(const char (&text)[N]) : count_(N - 1) {
    static_assert(N >= 2 && N <= 8, "one to seven letters: one a page, the last one repeated");
    for (std::size_t i = 0; i + 1 < N; ++i) letters_[i] = text[i];
  }
  constexpr const char* data() const { return letters_.data(); }
  constexpr std::uint32_t size() const { return count_; }

 private:
  std::array<char, 7> letters_{};
  std::uint8_t count_ = 0;
};
static_assert(std::has_unique_object_representations_v<Letters>, "padding would tell equal worlds apart");

}  // namespace uffdsim
