// SPDX-License-Identifier: Apache-2.0
#include "sim/expansion.hpp"

#include "sim/ambient.hpp"
#include "sim/path_so_far.hpp"

namespace sim {

void Offspring::clear() {
  children.clear();
  ends.clear();
  bytes.clear();
  outcomes.clear();
  complaints.clear();
}

Expander::Expander(const Subject& subject, const Effort& effort, LockOrder& order)
    : subject_(subject),
      effort_(effort),
      order_(effort.checks == Checks::every_step ? &order : nullptr),
      arena_(subject.arena_size()) {
  if (effort.checks == Checks::every_step) checked_.emplace(subject);
}

void Expander::boot(Offspring& out) {
  const Ambient kept;
  subject_.boot(arena_);
  World::enter(arena_);
  note_child({}, arena_.hash(), Visited::kNone, out);
  std::string broken = checked_ ? subject_.broken_invariant(*current.world) : std::string();
  if (broken.empty()) return;
  out.children.back().complaint = 0;
  out.complaints.push_back({Finding::Kind::invariant, std::move(broken)});
}

void Expander::expand(const Frontier::Batch& batch, std::size_t first, std::size_t last, const Graph& graph,
                      const Visited& visited, Offspring& out) {
  const Ambient kept;
  lock_order = order_;
  std::uint32_t parent = 0;
  Move move;
  const PathSoFar path(subject_, [&] {
    std::vector<Move> moves = graph.path_to(parent);
    moves.push_back(move);
    return moves;
  });
  for (std::size_t i = first; i < last && !effort_.stopped(); ++i) {
    parent = batch.number(i);
    arena_.load(batch.saved(i));
    World::enter(arena_).moves(moves_);
    for (std::size_t n = 0; n < moves_.size(); ++n) {
      if (n > 0) arena_.load(batch.saved(i));
      move = moves_[n];
      std::optional<Complaint> complaint;
      World& world = World::enter(arena_);
      if (checked_) {
        complaint = checked_->make(arena_, move);
      } else {
        world.step(move);
      }
      const std::uint64_t hash = arena_.hash();
      note_child(move, hash, visited.find(hash), out);
      if (complaint) {
        out.children.back().complaint = static_cast<std::int32_t>(out.complaints.size());
        out.complaints.push_back(std::move(*complaint));
      }
    }
    out.ends.push_back(static_cast<std::uint32_t>(out.children.size()));
  }
}

void Expander::note_child(Move move, std::uint64_t hash, std::uint32_t known, Offspring& out) {
  Child child{.hash = hash, .known = known, .move = move};
  if (known == Visited::kNone) {
    const World& world = *current.world;
    child.used = static_cast<std::uint32_t>(arena_.used());
    child.condition = world.condition();
    if (child.condition == Condition::running) {
      child.start = static_cast<std::uint32_t>(out.bytes.size());
      arena_.save(out.bytes);
      child.end = static_cast<std::uint32_t>(out.bytes.size());
    } else {
      child.start = static_cast<std::uint32_t>(out.outcomes.size());
      out.outcomes.push_back(subject_.outcome(world, 0));
    }
  }
  out.children.push_back(child);
}

}  // namespace sim
