// SPDX-License-Identifier: Apache-2.0
#include "sim/fewest_preemptions.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <tuple>

#include "sim/ambient.hpp"
#include "sim/visited.hpp"

namespace sim {
namespace {

struct Cost {
  std::uint32_t preemptions = 0;
  std::uint32_t steps = 0;
  std::uint32_t changes = 0;
  friend bool operator<(const Cost& a, const Cost& b) {
    return std::tie(a.preemptions, a.steps, a.changes) < std::tie(b.preemptions, b.steps, b.changes);
  }
};

Cost cost_after(const Cost& cost, const World& world, ThreadId last, Move move) {
  Cost next = cost;
  ++next.steps;
  if (last == kNoThread || last == move.thread) return next;
  ++next.changes;
  if (world.runnable(last)) ++next.preemptions;
  return next;
}

// Dijkstra's algorithm over pairs of a world and the thread that ran last. Worlds are made again from their
// moves, so that little is remembered of each.
class Search {
 public:
  Search(const Subject& subject, const Goal& goal, ThreadId last)
      : goal_(goal), last_(last), arena_(subject.arena_size()) {
    subject.boot(arena_);
    World::enter(arena_);
    arena_.save(first_);
  }

  std::optional<PlainRun> run(std::uint64_t worlds) {
    push(kNone, {}, {});
    while (!open_.empty() && settled_.size() < worlds) {
      const std::uint32_t at = open_.begin()->second.front();
      const Cost cost = open_.begin()->first;
      pop();
      const std::vector<Move> moves = moves_to(at);
      const World& world = go_to(moves);
      const ThreadId last = moves.empty() ? last_ : moves.back().thread;
      const std::uint64_t hash = arena_.hash();
      if (!settle(hash, last)) continue;
      if (goal_(world, hash)) return PlainRun{moves, cost.preemptions};
      expand(at, world, last, cost);
    }
    return {};
  }

 private:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};
  struct Node {
    std::uint32_t parent;
    Move move;
  };

  void push(std::uint32_t parent, Move move, const Cost& cost) {
    nodes_.push_back({parent, move});
    open_[cost].push_back(static_cast<std::uint32_t>(nodes_.size() - 1));
  }
  void pop() {
    std::deque<std::uint32_t>& bucket = open_.begin()->second;
    bucket.pop_front();
    if (bucket.empty()) open_.erase(open_.begin());
  }

  std::vector<Move> moves_to(std::uint32_t node) const {
    std::vector<Move> moves;
    for (; nodes_[node].parent != kNone; node = nodes_[node].parent) moves.push_back(nodes_[node].move);
    std::reverse(moves.begin(), moves.end());
    return moves;
  }

  World& go_to(const std::vector<Move>& moves) {
    arena_.load(first_);
    World& world = World::enter(arena_);
    for (const Move move : moves) world.step(move);
    return world;
  }

  // False if the world has been looked at with this thread before.
  bool settle(std::uint64_t hash, ThreadId last) {
    const auto number = static_cast<std::uint32_t>(settled_.size());
    const std::uint64_t salt = 0x9e37'79b9'7f4a'7c15 * static_cast<std::uint64_t>(last + 2);
    return settled_.insert(hash ^ salt, number) == number;
  }

  void expand(std::uint32_t at, const World& world, ThreadId last, const Cost& cost) {
    world.moves(moves_);
    for (const Move move : moves_) push(at, move, cost_after(cost, world, last, move));
  }

  const Goal& goal_;
  const ThreadId last_;
  const Ambient kept_;
  Arena arena_;
  std::vector<std::byte> first_;
  std::vector<Node> nodes_;
  std::map<Cost, std::deque<std::uint32_t>> open_;  // first in, first out for equal costs
  Visited settled_;
  std::vector<Move> moves_;  // scratch
};

}  // namespace

std::uint32_t preemptions_of(const Subject& subject, const std::vector<Move>& moves) {
  const Ambient kept;
  Arena arena(subject.arena_size());
  subject.boot(arena);
  World& world = World::enter(arena);
  Cost cost;
  ThreadId last = kNoThread;
  for (const Move move : moves) {
    cost = cost_after(cost, world, last, move);
    world.step(move);
    last = move.thread;
  }
  return cost.preemptions;
}

std::optional<PlainRun> fewest_preemptions(const Subject& subject, const Goal& goal, std::uint64_t worlds,
                                           ThreadId last) {
  return Search(subject, goal, last).run(worlds);
}

}  // namespace sim
