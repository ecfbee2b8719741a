// SPDX-License-Identifier: Apache-2.0
#include "scenarios/running/strategy.hpp"

namespace running {
namespace {

constexpr NamedStrategy kStrategies[] = {
    {Strategy::every_world, "every-world", "meets every world once: all outcomes, with shortest witnesses (default)"},
    {Strategy::every_path, "every-path", "makes every execution, one by one: the yardstick, for small programs"},
    {Strategy::every_trace, "every-trace", "makes one execution of those that differ only in steps that commute; remembers no worlds"},
    {Strategy::random_walk, "random-walk", "makes --walks executions at random from --seed: a sample, never complete"},
    {Strategy::priorities, "priorities", "a sample too: random priorities that change --depth - 1 times (PCT), for rare orders"},
};

}  // namespace

std::span<const NamedStrategy> strategies() { return kStrategies; }

const NamedStrategy* find_strategy(std::string_view name) {
  for (const NamedStrategy& strategy : kStrategies) {
    if (strategy.name == name) return &strategy;
  }
  return nullptr;
}

}  // namespace running
