// SPDX-License-Identifier: Apache-2.0
// EveryPath: the strategy that makes every execution, one after the other, like an odometer: each choice is
// a digit, and the next execution differs from the one before in the last digit that can still be turned.
// It forgets nothing and takes no two worlds for one, so it is the yardstick for all that prunes.
#pragma once
#include <vector>

#include "sim/effort.hpp"
#include "sim/exploration.hpp"
#include "sim/strategy.hpp"

namespace sim {

class EveryPath : public Strategy {
 public:
  EveryPath() = default;
  // Every execution whose first picks are these.
  explicit EveryPath(const std::vector<std::size_t>& first_picks) {
    for (std::size_t pick : first_picks) digits_.push_back({pick, pick + 1});
  }

  std::optional<std::size_t> next() override;
  std::optional<std::size_t> pick(const World& world, std::span<const Move> moves) override;
  Shares shares() const override { return Shares::prefixes; }

 private:
  struct Digit {
    std::size_t picked;
    std::size_t options;
  };
  std::vector<Digit> digits_;
  std::size_t at_ = 0;  // the next digit to be asked for
  bool begun_ = false;
};

// Counts every execution of the subject by its outcome. Does not notice livelocks: an execution longer than
// the budget of steps is given up, and the coverage says so.
Exploration every_path(const Subject& subject, const Effort& effort = {});

}  // namespace sim
