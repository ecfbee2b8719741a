// SPDX-License-Identifier: Apache-2.0
// Value: what a scenario can record as a part of its outcome. Page: what is in a page when an execution ends.
#pragma once
#include <array>
#include <concepts>
#include <cstdint>
#include <type_traits>

#include "uffdsim/range.hpp"
#include "uffdsim/reply.hpp"

namespace uffdsim {

// What /proc/PID/pagemap and /proc/PID/smaps tell of one page.
enum class PageState : std::uint8_t {
  unmapped,
  missing,
  present,
  present_wp,  // with the uffd-wp bit
  missing_wp,  // nothing there, and write-protected all the same: a marker
  poisoned,
  guarded,
};

struct Page {
  PageState state = PageState::unmapped;
  char content = 0;  // present and present_wp only; 0: zeros
  friend constexpr bool operator==(Page page, char letter) {
    return (page.state == PageState::present || page.state == PageState::present_wp) &&
           page.content == letter;
  }
  friend constexpr bool operator==(Page page, PageState wanted) { return page.state == wanted; }
};

class Value {
 public:
  enum class Kind : std::uint8_t { none, number, letter, truth, error, reply, touched, page, range };
  constexpr Value() = default;
  constexpr Value(char letter) : kind_(Kind::letter), number_(static_cast<unsigned char>(letter)) {}
  constexpr Value(bool truth) : kind_(Kind::truth), number_(truth) {}
  template <std::integral T>
  constexpr Value(T number) : kind_(Kind::number), number_(static_cast<std::uint64_t>(number)) {}
  constexpr Value(Errno error) : kind_(Kind::error), number_(static_cast<std::uint64_t>(error)) {}
  constexpr Value(const Reply& reply)
      : kind_(Kind::reply), small_(static_cast<std::uint8_t>(reply.error())), number_(reply.bytes()) {}
  constexpr Value(Touched touched)
      : kind_(Kind::touched),
        small_(static_cast<std::uint8_t>(touched.content())),
        number_(static_cast<std::uint64_t>(touched.signal())) {}
  constexpr Value(Page page)
      : kind_(Kind::page),
        small_(static_cast<std::uint8_t>(page.state)),
        number_(static_cast<unsigned char>(page.content)) {}
  constexpr Value(Range range) : kind_(Kind::range), number_(range.start) {}  // its first page

  constexpr Kind kind() const { return kind_; }
  constexpr std::uint8_t small() const { return small_; }
  constexpr std::uint64_t number() const { return number_; }

 private:
  Kind kind_ = Kind::none;
  std::uint8_t small_ = 0;
  [[maybe_unused]] std::array<std::uint8_t, 6> padding_{};
  std::uint64_t number_ = 0;
};
static_assert(std::has_unique_object_representations_v<Value>, "padding would tell equal worlds apart");

}  // namespace uffdsim
