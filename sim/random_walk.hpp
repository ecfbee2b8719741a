// SPDX-License-Identifier: Apache-2.0
// RandomWalk: the strategy that throws a fair die at every choice. The n-th walk of a seed is always the
// same walk, whoever makes it.
#pragma once
#include <cstdint>

#include "sim/effort.hpp"
#include "sim/exploration.hpp"
#include "sim/random.hpp"
#include "sim/strategy.hpp"

namespace sim {

class RandomWalk : public Strategy {
 public:
  // Walks first .. last-1 of the seed.
  RandomWalk(std::uint64_t seed, std::uint64_t first, std::uint64_t last)
      : random_(seed), seed_(seed), next_(first), last_(last) {}

  std::optional<std::size_t> next() override;
  std::optional<std::size_t> pick(const World& world, std::span<const Move> moves) override;

 private:
  Random random_;
  std::uint64_t seed_;
  std::uint64_t next_;
  std::uint64_t last_;
};

// Makes that many walks and counts their outcomes. A sample: its coverage is never complete.
Exploration random_walks(const Subject& subject, std::uint64_t seed, std::uint64_t walks,
                         const Effort& effort = {});

}  // namespace sim
