// SPDX-License-Identifier: Apache-2.0
#include "sim/every_path.hpp"

#include <memory>

#include "sim/ambient.hpp"
#include "sim/executions.hpp"

namespace sim {

std::optional<std::size_t> EveryPath::next() {
  if (!begun_) {
    begun_ = true;
    return 0;
  }
  while (!digits_.empty() && digits_.back().picked + 1 == digits_.back().options) digits_.pop_back();
  if (digits_.empty()) return {};
  ++digits_.back().picked;
  at_ = digits_.size() - 1;
  return at_;
}

std::optional<std::size_t> EveryPath::pick(const World&, std::span<const Move> moves) {
  if (at_ == digits_.size()) digits_.push_back({0, moves.size()});
  return digits_[at_++].picked;
}

namespace {

using Picks = std::vector<std::size_t>;

std::size_t options_after(const Subject& subject, const Picks& picks, Arena& arena) {
  subject.boot(arena);
  World& world = World::enter(arena);
  std::vector<Move> moves;
  world.moves(moves);
  for (std::size_t pick : picks) {
    world.step(moves[pick]);
    world.moves(moves);
  }
  return moves.size();
}

// Cuts the tree of executions into at least `wanted` parts (if it has so many in its first choices), in
// order. Always the same parts, so that the work can be shared out and put together again.
std::vector<Picks> parts(const Subject& subject, std::size_t wanted) {
  constexpr std::size_t kDeepest = 16;
  const Ambient kept;
  Arena arena(subject.arena_size());
  std::vector<Picks> open{{}};
  for (std::size_t depth = 0; depth < kDeepest && open.size() < wanted; ++depth) {
    std::vector<Picks> longer;
    for (Picks& picks : open) {
      const std::size_t options = picks.size() < depth ? 0 : options_after(subject, picks, arena);
      for (std::size_t pick = 0; pick < options; ++pick) {
        longer.push_back(picks);
        longer.back().push_back(pick);
      }
      if (options == 0) longer.push_back(std::move(picks));
    }
    open = std::move(longer);
  }
  return open;
}

}  // namespace

Exploration every_path(const Subject& subject, const Effort& effort) {
  std::vector<std::unique_ptr<Strategy>> strategies;
  for (const Picks& picks : parts(subject, 64)) strategies.push_back(std::make_unique<EveryPath>(picks));
  return run_executions(subject, std::move(strategies), Limit::none, effort);
}

}  // namespace sim
