// SPDX-License-Identifier: Apache-2.0
#include "scenarios/running/parting.hpp"

#include "sim/after.hpp"
#include "sim/explore.hpp"
#include "sim/replay.hpp"

namespace running {
namespace {

using Moves = std::vector<sim::Move>;

class Search {
 public:
  Search(const sim::Subject& subject, const Moves& run, const sim::Wanted& wanted, const sim::Effort& effort)
      : subject_(subject), run_(run), wanted_(wanted), effort_(effort) {}

  // Whether an outcome can still be reached only becomes less: the last place is found by halving.
  std::optional<Parting> search() {
    std::optional<sim::Outcome> found = reached_after(0);
    if (!found) return {};
    std::size_t can = 0, cannot = run_.size() + 1;
    while (cannot - can > 1) {
      const std::size_t middle = can + (cannot - can) / 2;
      std::optional<sim::Outcome> there = reached_after(middle);
      if (there) {
        can = middle;
        found = std::move(there);
      } else {
        cannot = middle;
      }
    }
    return Parting{can, continue_to(*found, can)};
  }

 private:
  Moves first(std::size_t shared) const {
    return {run_.begin(), run_.begin() + static_cast<std::ptrdiff_t>(shared)};
  }

  std::optional<sim::Outcome> reached_after(std::size_t shared) const {
    const sim::Exploration exploration = sim::explore(sim::After(subject_, first(shared)), effort_);
    for (const sim::Outcome& outcome : exploration.outcomes) {
      if (wanted_(outcome.text)) return outcome;
    }
    return {};
  }

  Witness continue_to(const sim::Outcome& outcome, std::size_t shared) const {
    const sim::After after(subject_, first(shared));
    Moves rest = sim::moves_of(after, outcome.witness).value();
    const bool round = !outcome.cycle.choices.empty();
    const sim::Goal goal = [&](const sim::World& world, std::uint64_t) {
      return world.condition() != sim::Condition::running && wanted_(subject_.outcome(world, 0));
    };
    const sim::ThreadId last = shared == 0 ? sim::kNoThread : run_[shared - 1].thread;
    const auto plain = round ? std::nullopt : sim::fewest_preemptions(after, goal, kPlainWorlds, last);
    if (plain) rest = plain->moves;
    Witness witness{.moves = first(shared)};
    witness.moves.insert(witness.moves.end(), rest.begin(), rest.end());
    witness.preemptions = sim::preemptions_of(subject_, witness.moves);
    witness.schedule = sim::told(subject_, witness.moves);
    if (round) witness.repeats_from = witness.moves.size();
    for (const sim::Choice& choice : outcome.cycle.choices) witness.schedule.choices.push_back(choice);
    return witness;
  }

  const sim::Subject& subject_;
  const Moves& run_;
  const sim::Wanted& wanted_;
  const sim::Effort& effort_;
};

}  // namespace

std::optional<Parting> part(const LitmusSubject& subject, const Moves& run, const sim::Wanted& wanted,
                            const sim::Effort& effort) {
  return Search(subject.subject(), run, wanted, effort).search();
}

}  // namespace running
