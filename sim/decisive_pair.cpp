// SPDX-License-Identifier: Apache-2.0
#include "sim/decisive_pair.hpp"

#include <algorithm>

#include "sim/after.hpp"
#include "sim/ambient.hpp"
#include "sim/dependence.hpp"
#include "sim/explore.hpp"

namespace sim {
namespace {

// What comes of an order of steps, going on as the run did as far as that is possible.
struct Continued {
  enum class How : std::uint8_t { impossible, endless, ended } how = How::impossible;
  std::string outcome;
};

class Search {
 public:
  Search(const Subject& subject, const std::vector<Move>& moves, const Wanted& wanted,
         const DecisiveBounds& bounds)
      : subject_(subject),
        run_(subject, moves),
        wanted_(wanted),
        bounds_(bounds),
        arena_(subject.arena_size()) {}

  std::optional<DecisivePair> search() {
    for (const Dependence::Pending& pending : run_.pending()) {
      const DecisivePair pair{.first = pending.taken, .second = run_.size(), .pending = pending.thread};
      if (is_proven(pair, run_.swapped(pending))) return found_;
    }
    for (std::size_t first = run_.size(); first-- > 0;) {
      for (std::size_t second = first + 1; second < run_.size(); ++second) {
        if (!may_change_places(first, second)) continue;
        if (runs_++ >= bounds_.runs) return weaker_;
        if (is_proven({.first = first, .second = second}, run_.swapped(first, second))) return found_;
      }
    }
    return weaker_;
  }

 private:
  bool may_change_places(std::size_t first, std::size_t second) const {
    return run_.move(first).thread != run_.move(second).thread && run_.meet(first, second);
  }

  bool is_proven(DecisivePair pair, const std::vector<Move>& order) {
    if (order.empty()) return false;
    const Continued continued = go_on(order, pair.first, pair.second);
    if (continued.how == Continued::How::impossible) return false;
    const bool ended = continued.how == Continued::How::ended;
    if (ended && wanted_(continued.outcome)) return false;
    pair.instead = continued.outcome;
    if (ended && !weaker_) weaker_ = pair;
    if (explorations_++ >= bounds_.explorations || !never_follows(order)) return false;
    found_ = pair;
    found_.proof = DecisivePair::Proof::every_continuation;
    return true;
  }

  Continued go_on(const std::vector<Move>& order, std::size_t first, std::size_t second) {
    const Ambient kept;
    subject_.boot(arena_);
    World& world = World::enter(arena_);
    for (const Move move : order) {
      if (!make(world, move)) return {};
    }
    for (std::size_t step = first; step < run_.size(); ++step) {
      const bool made = step == second || (step > first && step < second && !run_.before(first, step));
      if (!made) make(world, run_.move(step));
    }
    for (std::size_t more = 0; more < kMost && world.condition() == Condition::running; ++more) {
      world.moves(moves_);
      world.step(moves_[more % moves_.size()]);
    }
    if (world.condition() == Condition::running) return {Continued::How::endless, {}};
    return {Continued::How::ended, subject_.outcome(world, 0)};
  }

  bool make(World& world, Move move) {
    world.moves(moves_);
    if (std::find(moves_.begin(), moves_.end(), move) == moves_.end()) return false;
    world.step(move);
    return true;
  }

  bool never_follows(const std::vector<Move>& order) const {
    Effort effort{.workers = bounds_.workers};
    effort.budget.worlds = bounds_.worlds;
    effort.checks = Checks::none;
    const Exploration found = explore(After(subject_, order), effort);
    return found.coverage.complete() &&
           std::none_of(found.outcomes.begin(), found.outcomes.end(),
                        [&](const Outcome& outcome) { return wanted_(outcome.text); });
  }

  static constexpr std::size_t kMost = 2000;  // steps after the run's own

  const Subject& subject_;
  const Dependence run_;
  const Wanted& wanted_;
  const DecisiveBounds bounds_;
  Arena arena_;
  std::vector<Move> moves_;  // scratch
  std::size_t runs_ = 0;
  std::size_t explorations_ = 0;
  DecisivePair found_;
  std::optional<DecisivePair> weaker_;
};

}  // namespace

std::optional<DecisivePair> decisive_pair(const Subject& subject, const std::vector<Move>& moves,
                                          const Wanted& wanted, const DecisiveBounds& bounds) {
  return Search(subject, moves, wanted, bounds).search();
}

}  // namespace sim
