// SPDX-License-Identifier: Apache-2.0
#include "sim/every_trace.hpp"

#include <gtest/gtest.h>

#include <set>

#include "sim/every_path.hpp"
#include "sim/replay.hpp"
#include "sim/toys_for_test.hpp"

namespace sim {
namespace {

using toys::Counters;
using toys::Spinner;
using toys::Toy;
using toys::TwoLocks;
using toys::WakeUp;

std::set<std::string> texts(const Exploration& exploration) {
  std::set<std::string> texts;
  for (const Outcome& outcome : exploration.outcomes) {
    texts.insert(outcome.text + " " + name_of(outcome.ending));
  }
  return texts;
}

struct Shape {
  int threads;
  int times;
  std::uint64_t traces;  // (threads * times)! / (times!)^threads
};

class LockedCounters : public testing::TestWithParam<Shape> {};

TEST_P(LockedCounters, EveryOrderOfTheIncrementsIsATraceOfItsOwn) {
  const Toy<Counters> toy({.threads = GetParam().threads, .times = GetParam().times});
  const Exploration found = every_trace(toy);
  EXPECT_TRUE(found.coverage.complete());
  EXPECT_EQ(found.totals.executions, GetParam().traces);
  EXPECT_LE(found.totals.redundant * 100, GetParam().traces * 3);
}

INSTANTIATE_TEST_SUITE_P(EveryTrace, LockedCounters,
                         testing::Values(Shape{2, 3, 20}, Shape{2, 5, 252}, Shape{3, 2, 90},
                                         Shape{3, 3, 1680}, Shape{4, 1, 24}, Shape{4, 2, 2520},
                                         Shape{4, 3, 369600}));

TEST(EveryTrace, ThreadsThatShareNothingHaveOne) {
  const Toy<Counters> toy({.threads = 4, .times = 3, .locking = Counters::Locking::nothing_shared});
  const Exploration found = every_trace(toy);
  EXPECT_EQ(found.totals.executions, 1u);
  EXPECT_EQ(found.totals.redundant, 0u);
}

template <class State>
void agrees(State state) {
  const Toy<State> toy(state);
  const Exploration all = every_path(toy);
  const Exploration found = every_trace(toy);
  ASSERT_TRUE(all.coverage.complete());
  EXPECT_TRUE(found.coverage.complete());
  EXPECT_EQ(texts(found), texts(all));
  EXPECT_LE(found.totals.executions, all.totals.executions);
}

TEST(EveryTrace, LosesNoOutcomeOfRacyCounters) {
  agrees(Counters{.threads = 2, .times = 3, .locking = Counters::Locking::racy});
  agrees(Counters{.threads = 3, .times = 1, .locking = Counters::Locking::racy});
}

TEST(EveryTrace, FindsTheLostWakeUp) {
  agrees(WakeUp{.recheck = WakeUp::Recheck::yes});
  agrees(WakeUp{.recheck = WakeUp::Recheck::no});
}

TEST(EveryTrace, FindsTheDeadlockThatNeedsBothToWait) {
  agrees(TwoLocks{.order = TwoLocks::Order::same});
  agrees(TwoLocks{.order = TwoLocks::Order::opposite});
  agrees(TwoLocks{.when = TwoLocks::When::apart});
}

TEST(EveryTrace, GivesUpWhatGoesRoundAndSaysSo) {
  const Exploration found = every_trace(Toy<Spinner>({.other = Spinner::Other::sets}));
  EXPECT_EQ(found.coverage.limit, Limit::steps);
  EXPECT_GT(found.coverage.given_up, 0u);
  EXPECT_EQ(texts(found), (std::set<std::string>{"done finished"}));
}

TEST(EveryTrace, ItsWitnessesLeadToTheirOutcomes) {
  const Toy<Counters> toy({.threads = 2, .times = 2, .locking = Counters::Locking::racy});
  for (const Outcome& outcome : every_trace(toy).outcomes) {
    Arena arena(toy.arena_size());
    EXPECT_EQ(replay(toy, outcome.witness, arena), Condition::finished);
    EXPECT_EQ(toy.outcome(*current.world, 0), outcome.text);
  }
}

TEST(EveryTrace, ABudgetEndsItAndItNeverLooksComplete) {
  const Toy<Counters> toy({.threads = 3, .times = 3});
  const Exploration found = every_trace(toy, {.budget = {.executions = 100}});
  EXPECT_EQ(found.coverage.limit, Limit::executions);
  EXPECT_EQ(found.totals.executions, 100u);
  EXPECT_GT(found.coverage.unexplored, 0u);
  const std::atomic<bool> stop{true};
  EXPECT_EQ(every_trace(toy, {.stop = &stop}).coverage.limit, Limit::interrupted);
}

// Readers and writers of cells, chosen by a question: what was answered decides what meets what.
struct Questions {
  Cell<int> a{};
  Cell<int> b{};
  Cell<int> seen{};

  Task<void> ask(int mark) {
    co_await point("ask");
    const std::uint8_t which = co_await choose(2, "which");
    Cell<int>& cell = which == 0 ? a : b;
    cell.write(cell.read() * 4 + mark);
  }
  void boot(World& world) {
    for (int i = 0; i < 3; ++i) world.spawn(toys::kThreadNames[i], [this, i] { return ask(i + 1); });
  }
  std::string outcome(const World&, std::uint8_t) const {
    return std::to_string(a.peek()) + " " + std::to_string(b.peek());
  }
};

TEST(EveryTrace, EveryAnswerIsGivenInEveryOrderThatMatters) { agrees(Questions{}); }

}  // namespace
}  // namespace sim
