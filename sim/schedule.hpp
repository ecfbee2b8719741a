// SPDX-License-Identifier: Apache-2.0
// Schedule: every choice of one execution as text that a person can read, shorten and paste back:
//
//   reader:3 monitor:1 tlb=1 monitor:2
//
// `reader:3` lets thread reader make three steps; `tlb=1` answers the question "tlb" with 1. Threads and
// questions go by name, with '-' for a space.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "sim/subject.hpp"

namespace sim {

// One word of a schedule.
struct Choice {
  Move::Kind kind = Move::Kind::run;
  std::string name;          // of the thread, or of the question
  std::uint32_t number = 1;  // steps, or the answer
  friend bool operator==(const Choice&, const Choice&) = default;
};

struct Schedule {
  std::vector<Choice> choices;

  // How many moves it makes.
  std::size_t length() const;
  // Adds what is about to happen in `world`; joins steps of the same thread.
  void append(const World& world, Move move);
  friend bool operator==(const Schedule&, const Schedule&) = default;
};

std::string to_text(const Choice& choice);
std::string to_text(const Schedule& schedule);
// The inverse; the error says which word cannot be read and what was expected.
tl::expected<Schedule, std::string> parse_schedule(std::string_view text);

// What happens when these moves are made one after the other from the subject's first world. The last
// move is told but not made, so a move that aborts the simulator can be told too.
Schedule told(const Subject& subject, std::span<const Move> moves);

// The name of a thread, or a question's text, as a schedule spells it.
std::string spelled(std::string_view name);
// A move that is possible in `world`, as a schedule spells it.
Choice spelled(const World& world, Move move);

}  // namespace sim
