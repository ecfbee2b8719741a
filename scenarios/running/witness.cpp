// SPDX-License-Identifier: Apache-2.0
#include "scenarios/running/witness.hpp"

#include "sim/ambient.hpp"

namespace running {
namespace {

std::uint64_t hash_after(const sim::Subject& subject, const std::vector<sim::Move>& moves) {
  const sim::Ambient kept;
  sim::Arena arena(subject.arena_size());
  sim::replay(subject, moves, arena);
  return arena.hash();
}

// After which of the moves the world was as it is after all of them; all of them if never, or if it is over.
std::size_t seen_before(const sim::Subject& subject, const std::vector<sim::Move>& moves) {
  const sim::Ambient kept;
  sim::Arena arena(subject.arena_size());
  subject.boot(arena);
  sim::World& world = sim::World::enter(arena);
  std::vector<std::uint64_t> hashes;
  for (const sim::Move move : moves) {
    hashes.push_back(arena.hash());
    world.step(move);
  }
  if (world.condition() != sim::Condition::running) return moves.size();
  std::size_t at = 1;
  while (at < hashes.size() && hashes[at] != arena.hash()) ++at;
  return at < hashes.size() ? at : moves.size();
}

}  // namespace

Witness plainest_witness(const LitmusSubject& litmus_subject, const Line& line, std::uint64_t worlds) {
  const sim::Subject& subject = litmus_subject.subject();
  Witness witness{.moves = sim::moves_of(subject, line.outcome.witness).value()};
  const bool round = !line.outcome.cycle.choices.empty();
  const std::uint64_t target = round ? hash_after(subject, witness.moves) : 0;
  const sim::Goal goal = [&](const sim::World& world, std::uint64_t hash) {
    if (round) return hash == target;
    return world.condition() != sim::Condition::running && subject.outcome(world, 0) == line.outcome.text;
  };
  const auto plain = sim::fewest_preemptions(subject, goal, worlds);
  if (plain) {
    witness.moves = plain->moves;
    witness.plainest = Witness::Plainest::yes;
  }
  witness.preemptions = sim::preemptions_of(subject, witness.moves);
  witness.schedule = sim::told(subject, witness.moves);
  if (!round) return witness;
  witness.repeats_from = witness.moves.size();
  for (const sim::Choice& choice : line.outcome.cycle.choices) witness.schedule.choices.push_back(choice);
  return witness;
}

tl::expected<Witness, sim::Misfit> witness_of(const LitmusSubject& litmus_subject,
                                              const sim::Schedule& schedule) {
  const sim::Subject& subject = litmus_subject.subject();
  auto moves = sim::moves_of(subject, schedule);
  if (!moves) return tl::unexpected(moves.error());
  Witness witness{.moves = std::move(*moves), .schedule = schedule};
  witness.preemptions = sim::preemptions_of(subject, witness.moves);
  const std::size_t before = seen_before(subject, witness.moves);
  if (before == witness.moves.size()) return witness;
  witness.repeats_from = before;
  witness.moves.resize(before);
  return witness;
}

}  // namespace running
