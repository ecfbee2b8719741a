// SPDX-License-Identifier: Apache-2.0
#include "sim/random_walk.hpp"

#include <algorithm>
#include <memory>
#include <vector>

#include "sim/executions.hpp"

namespace sim {

std::optional<std::size_t> RandomWalk::next() {
  if (next_ >= last_) return {};
  random_ = Random(seed_, next_++);
  return 0;
}

std::optional<std::size_t> RandomWalk::pick(const World&, std::span<const Move> moves) {
  return random_.below(static_cast<std::uint32_t>(moves.size()));
}

Exploration random_walks(const Subject& subject, std::uint64_t seed, std::uint64_t walks,
                         const Effort& effort) {
  const std::uint64_t share = std::max<std::uint64_t>(walks / 64, 64);
  std::vector<std::unique_ptr<Strategy>> strategies;
  for (std::uint64_t first = 0; first < walks; first += share) {
    strategies.push_back(std::make_unique<RandomWalk>(seed, first, std::min(first + share, walks)));
  }
  return run_executions(subject, std::move(strategies), Limit::sample, effort);
}

}  // namespace sim
