// SPDX-License-Identifier: Apache-2.0
#include "sim/explore.hpp"

#include <gtest/gtest.h>

#include "sim/replay.hpp"
#include "sim/toys_for_test.hpp"

namespace sim {
namespace {

using toys::Counters;
using toys::everything;
using toys::Toy;

TEST(Explore, LockedIncrementsHaveOneOutcome) {
  const Toy<Counters> toy({.threads = 4, .times = 3});
  const Exploration found = explore(toy);
  ASSERT_EQ(found.outcomes.size(), 1u);
  EXPECT_EQ(found.outcomes[0].text, "value=12");
  EXPECT_EQ(found.outcomes[0].ending, Ending::finished);
  EXPECT_TRUE(found.coverage.complete());
  EXPECT_EQ(found.totals.depth, 16u);
}

TEST(Explore, RacyIncrementsLoseUpdates) {
  const Toy<Counters> toy({.threads = 2, .times = 2, .locking = Counters::Locking::racy});
  const Exploration found = explore(toy);
  ASSERT_EQ(found.outcomes.size(), 3u);
  EXPECT_EQ(found.outcomes[0].text, "value=2");
  EXPECT_EQ(found.outcomes[2].text, "value=4");
}

TEST(Explore, DoesNotDependOnTheNumberOfWorkers) {
  const Toy<Counters> toy({.threads = 3, .times = 3, .locking = Counters::Locking::racy});
  const std::string alone = everything(explore(toy, {.workers = 1}));
  EXPECT_EQ(everything(explore(toy, {.workers = 2})), alone);
  EXPECT_EQ(everything(explore(toy, {.workers = 4})), alone);
}

TEST(Explore, WitnessesAreShortest) {
  const Toy<Counters> toy({.threads = 2, .times = 2, .locking = Counters::Locking::racy});
  for (const Outcome& outcome : explore(toy).outcomes) {
    EXPECT_EQ(outcome.witness.length(), 10u) << to_text(outcome.witness);
    Arena arena(toy.arena_size());
    EXPECT_EQ(replay(toy, outcome.witness, arena), Condition::finished);
    EXPECT_EQ(toy.outcome(*current.world, 0), outcome.text);
  }
}

TEST(Explore, ABudgetOfWorldsEndsItAtTheSamePlaceWhateverTheWorkers) {
  const Toy<Counters> toy({.threads = 3, .times = 3, .locking = Counters::Locking::racy});
  const Exploration found = explore(toy, {.budget = {.worlds = 300}});
  EXPECT_EQ(found.coverage.limit, Limit::worlds);
  EXPECT_FALSE(found.coverage.complete());
  EXPECT_GT(found.coverage.unexplored, 0u);
  EXPECT_GE(found.totals.worlds, 300u);
  EXPECT_LT(found.totals.worlds, 303u);
  EXPECT_EQ(everything(explore(toy, {.workers = 4, .budget = {.worlds = 300}})), everything(found));
}

TEST(Explore, ABudgetThatIsNotUsedUpDoesNotMatter) {
  const Toy<Counters> toy;
  EXPECT_TRUE(
      explore(toy, {.budget = {.worlds = 1000, .executions = 1000, .bytes = 1 << 30}}).coverage.complete());
}

TEST(Explore, OtherBudgetsEndItToo) {
  const Toy<Counters> toy({.threads = 3, .times = 3, .locking = Counters::Locking::racy});
  EXPECT_EQ(explore(toy, {.budget = {.executions = 2}}).coverage.limit, Limit::executions);
  EXPECT_EQ(explore(toy, {.budget = {.bytes = 100000}}).coverage.limit, Limit::bytes);
}

TEST(Explore, CanBeToldToStopAndNeverLooksComplete) {
  const Toy<Counters> toy({.threads = 4, .times = 3, .locking = Counters::Locking::racy});
  std::atomic<bool> stop{false};
  Effort effort{.workers = 2, .stop = &stop};
  std::uint64_t last = 0;
  effort.progress = [&](const Progress& progress) {
    EXPECT_GE(progress.worlds, last);
    last = progress.worlds;
    if (progress.worlds > 2000) stop = true;
  };
  const Exploration found = explore(toy, effort);
  EXPECT_EQ(found.coverage.limit, Limit::interrupted);
  EXPECT_GT(found.totals.worlds, 2000u);
  EXPECT_GT(found.coverage.unexplored, 0u);
}

TEST(Explore, ToldToStopBeforeItBeginsItKnowsOneWorld) {
  std::atomic<bool> stop{true};
  const Exploration found = explore(Toy<Counters>(), {.stop = &stop});
  EXPECT_FALSE(found.coverage.complete());
  EXPECT_EQ(found.totals.worlds, 1u);
}

TEST(Explore, AProgramWithoutThreadsHasOneWorld) {
  const Exploration found = explore(Toy<Counters>({.threads = 0}));
  ASSERT_EQ(found.outcomes.size(), 1u);
  EXPECT_EQ(found.outcomes[0].ending, Ending::finished);
  EXPECT_EQ(found.totals.worlds, 1u);
  EXPECT_TRUE(found.coverage.complete());
}

struct Bug {
  Task<void> run() {
    co_await point("hit");
    kernel_bug("BUG_ON(folio_mapped)");
    co_await point("never reached");
  }
  void boot(World& world) {
    world.spawn("t", [this] { return run(); });
  }
  std::string outcome(const World& world, std::uint8_t) const { return world.bug() ? world.bug() : "no bug"; }
};

TEST(Explore, ABugOfTheSimulatedKernelEndsAnExecution) {
  const Exploration found = explore(Toy<Bug>());
  ASSERT_EQ(found.outcomes.size(), 1u);
  EXPECT_EQ(found.outcomes[0].text, "BUG_ON(folio_mapped)");
  EXPECT_EQ(found.outcomes[0].ending, Ending::bug);
  EXPECT_NE(found.outcomes[0].stacks.find("never reached"), std::string::npos) << found.outcomes[0].stacks;
}

}  // namespace
}  // namespace sim
