// SPDX-License-Identifier: Apache-2.0
#include "sim/priorities.hpp"

#include <algorithm>
#include <memory>

#include "sim/executions.hpp"

namespace sim {
namespace {

// A thread that goes round while it waits for another, at the highest priority, would go round for ever.
constexpr std::uint32_t kPatience = 200;

}  // namespace

std::optional<std::size_t> Priorities::next() {
  if (next_ >= last_) return {};
  longest_ = std::max(longest_, steps_);
  random_ = Random(seed_, next_++);
  lowest_ = ~Priority{0} - kMaxThreads;
  for (std::size_t i = 0; i < priorities_.size(); ++i) {
    const std::size_t other = random_.below(static_cast<std::uint32_t>(i + 1));
    priorities_[i] = priorities_[other];
    priorities_[other] = lowest_ + 1 + static_cast<Priority>(i);
  }
  changes_.clear();
  for (std::uint32_t i = 1; i < depth_; ++i) {
    changes_.push_back(random_.below(static_cast<std::uint32_t>(std::min<std::uint64_t>(longest_, ~0u))));
  }
  steps_ = 0;
  in_a_row_ = 0;
  running_ = kNoThread;
  return 0;
}

std::optional<std::size_t> Priorities::pick(const World&, std::span<const Move> moves) {
  if (moves.front().kind == Move::Kind::answer)
    return random_.below(static_cast<std::uint32_t>(moves.size()));
  std::size_t best = highest(moves);
  in_a_row_ = moves[best].thread == running_ && moves.size() > 1 ? in_a_row_ + 1 : 0;
  const bool changes = std::count(changes_.begin(), changes_.end(), steps_++) > 0;
  if (changes || in_a_row_ >= kPatience) {
    put_last(moves[best].thread);
    best = highest(moves);
    in_a_row_ = 0;
  }
  running_ = moves[best].thread;
  return best;
}

std::size_t Priorities::highest(std::span<const Move> moves) const {
  const auto below = [&](Move a, Move b) {
    return priorities_[static_cast<std::size_t>(a.thread)] < priorities_[static_cast<std::size_t>(b.thread)];
  };
  return static_cast<std::size_t>(std::max_element(moves.begin(), moves.end(), below) - moves.begin());
}

void Priorities::put_last(ThreadId thread) { priorities_[static_cast<std::size_t>(thread)] = lowest_--; }

Exploration by_priorities(const Subject& subject, std::uint64_t seed, std::uint32_t depth,
                          std::uint64_t executions, const Effort& effort) {
  const std::uint64_t share = std::max<std::uint64_t>(executions / 64, 64);
  std::vector<std::unique_ptr<Strategy>> strategies;
  for (std::uint64_t first = 0; first < executions; first += share) {
    strategies.push_back(
        std::make_unique<Priorities>(seed, depth, first, std::min(first + share, executions)));
  }
  return run_executions(subject, std::move(strategies), Limit::sample, effort);
}

}  // namespace sim
