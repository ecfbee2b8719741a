// SPDX-License-Identifier: Apache-2.0
#include "sim/exploration.hpp"

#include "sim/ambient.hpp"
#include "sim/assert.hpp"
#include "sim/replay.hpp"

namespace sim {

const char* name_of(Ending ending) {
  switch (ending) {
    case Ending::finished:
      return "finished";
    case Ending::blocked:
      return "blocked";
    case Ending::livelock:
      return "livelock";
    case Ending::bug:
      return "bug";
  }
  return "?";
}

Ending ending_of(Condition condition) {
  SIM_ASSERT(condition != Condition::running);
  if (condition == Condition::bug) return Ending::bug;
  return condition == Condition::blocked ? Ending::blocked : Ending::finished;
}

const char* name_of(Limit limit) {
  switch (limit) {
    case Limit::none:
      return "complete";
    case Limit::interrupted:
      return "interrupted";
    case Limit::worlds:
      return "budget of worlds used up";
    case Limit::executions:
      return "budget of executions used up";
    case Limit::bytes:
      return "budget of memory used up";
    case Limit::steps:
      return "some executions were given up as too long";
    case Limit::sample:
      return "a sample";
  }
  return "?";
}

const char* name_of(Finding::Kind kind) {
  switch (kind) {
    case Finding::Kind::invariant:
      return "broken invariant";
    case Finding::Kind::footprint:
      return "undeclared write";
    case Finding::Kind::unrepeatable:
      return "unrepeatable step";
    case Finding::Kind::order:
      return "lock order inversion";
  }
  return "?";
}

const Outcome* Exploration::find(const std::string& text) const {
  for (const Outcome& outcome : outcomes) {
    if (outcome.text == text) return &outcome;
  }
  return nullptr;
}

void tell_order(const LockOrder& order, Exploration& exploration) {
  const std::string inversion = order.inversion();
  if (!inversion.empty()) exploration.findings.push_back({Finding::Kind::order, inversion, {}});
}

void tell_stacks(const Subject& subject, Exploration& exploration) {
  const Ambient kept;
  for (Outcome& outcome : exploration.outcomes) {
    if (outcome.ending == Ending::finished) continue;
    Arena arena(subject.arena_size());
    if (replay(subject, outcome.witness, arena)) outcome.stacks = current.world->stacks();
  }
}

}  // namespace sim
