// SPDX-License-Identifier: Apache-2.0
// Strategy: answers the one door for nondeterminism. It makes one execution after the other, and at each
// world of an execution it picks what happens next. Each strategy is a file of its own.
#pragma once
#include <cstddef>
#include <optional>
#include <span>

#include "sim/world.hpp"

namespace sim {

class Strategy {
 public:
  virtual ~Strategy() = default;

  // Begins the next execution. Returns how many leading choices it shares with the one before (0 for the
  // first): the engine makes those by itself and asks for the rest. None: there is no further execution.
  virtual std::optional<std::size_t> next() = 0;

  // Which of `moves` (never empty) is made in `world`. None: the execution is given up here.
  virtual std::optional<std::size_t> pick(const World& world, std::span<const Move> moves) = 0;

  // Whether later executions are likely to share many choices with earlier ones, so that it pays to keep
  // the worlds on the way.
  enum class Shares : std::uint8_t { nothing, prefixes };
  virtual Shares shares() const { return Shares::nothing; }
};

}  // namespace sim
