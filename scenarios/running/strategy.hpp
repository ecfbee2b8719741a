// SPDX-License-Identifier: Apache-2.0
// Strategies: the ways to look for outcomes, by the names that --strategy takes.
#pragma once
#include <cstdint>
#include <span>
#include <string_view>

namespace running {

enum class Strategy : std::uint8_t {
  every_world,
  every_path,
  every_trace,
  random_walk,
  priorities,
};

struct NamedStrategy {
  Strategy strategy;
  std::string_view name;
  std::string_view description;  // one line for `uffdsim list`
};

std::span<const NamedStrategy> strategies();
const NamedStrategy* find_strategy(std::string_view name);  // null: no such strategy

}  // namespace running
