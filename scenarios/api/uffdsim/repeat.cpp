// SPDX-License-Identifier: Apache-2.0
#include "uffdsim/repeat.hpp"

#include <fmt/format.h>

#include "sim/ambient.hpp"
#include "sim/checked_step.hpp"
#include "sim/random.hpp"
#include "uffdsim/story.hpp"

namespace uffdsim::detail {
namespace {

constexpr int kWalks = 8;
constexpr int kSteps = 4000;  // of one walk

// Where the thread that makes the last step of the schedule stands before it.
std::string culprit(const ScenarioSubject& subject, const sim::Schedule& schedule) {
  const sim::Ambient kept;
  sim::Arena arena(subject.arena_size());
  std::size_t left = schedule.length();
  std::string place;
  static_cast<void>(sim::replay(subject, schedule, arena, [&](const sim::World& world, sim::Move move) {
    if (--left == 0) place = place_in_scenario(world, move.thread);
  }));
  return place;
}

std::optional<sim::Finding> walk(const ScenarioSubject& subject, sim::Random& random, sim::Arena& arena) {
  subject.boot(arena);
  sim::World::enter(arena);
  sim::CheckedStep step(subject);
  std::vector<sim::Move> moves;
  sim::Schedule schedule;
  for (int i = 0; i < kSteps; ++i) {
    const sim::World& world = *sim::current.world;
    world.moves(moves);
    if (moves.empty()) break;
    const sim::Move move = moves[random.below(static_cast<std::uint32_t>(moves.size()))];
    schedule.append(world, move);
    const auto complaint = step.make(arena, move);
    if (!complaint || complaint->kind == sim::Finding::Kind::invariant) continue;  // no fault of the scenario
    return sim::Finding{complaint->kind, complaint->text, schedule};
  }
  return {};
}

}  // namespace

std::optional<Failure> find_unrepeatable(const ScenarioSubject& subject, std::uint64_t seed) {
  const sim::Ambient kept;
  sim::Arena arena(subject.arena_size());
  for (std::uint64_t i = 0; i < kWalks; ++i) {
    sim::Random random(seed, i);
    if (const auto finding = walk(subject, random, arena)) return failure_of(subject, *finding);
  }
  return {};
}

Failure failure_of(const ScenarioSubject& subject, const sim::Finding& finding) {
  Failure failure{.what = {}, .schedule = sim::to_text(finding.schedule), .explanation = {}};
  const std::string where = finding.schedule.choices.empty() ? "" : culprit(subject, finding.schedule);
  switch (finding.kind) {
    case sim::Finding::Kind::unrepeatable:
      failure.what = "not repeatable: " + where;
      failure.explanation = fmt::format(
          "  What follows this place was run twice from the same state and led to two different ones.\n"
          "  It depends on something outside the simulated world (a clock, an address, the order of a hash\n"
          "  table, a variable that is not Shared), or keeps what is not plain bytes (padding, a container,\n"
          "  something from the heap) across a co_await.\n");
      return failure;
    case sim::Finding::Kind::footprint:
      failure.what = "changed behind the explorer's back: " + where;
      failure.explanation = fmt::format("  {}.\n  What threads share is a Shared<T>.\n", finding.text);
      return failure;
    case sim::Finding::Kind::invariant:
    case sim::Finding::Kind::order:
      break;
  }
  failure.what = fmt::format("the simulator is wrong: {}: {}", sim::name_of(finding.kind), finding.text);
  return failure;
}

}  // namespace uffdsim::detail
