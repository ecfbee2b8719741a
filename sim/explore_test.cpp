// SPDX-License-Identifier: Apache-2.0
#include "sim/explore.hpp"

#include <gtest/gtest.h>

#include "sim/every_path.hpp"
#include "sim/random_walk.hpp"
#include "sim/toys_for_test.hpp"

namespace sim {
namespace {

using toys::Counters;
using toys::Toy;

// Everything in an exploration that must not depend on the number of workers.
std::string everything(const Exploration& exploration) {
  std::string text;
  for (const Outcome& outcome : exploration.outcomes) {
    text += outcome.text + " " + name_of(outcome.ending) + " " + std::to_string(outcome.worlds) + " " +
            std::to_string(outcome.executions) + " " + to_text(outcome.witness) + " / " + to_text(outcome.cycle) +
            "\n" + outcome.stacks;
  }
  const Totals& totals = exploration.totals;
  for (std::uint64_t total : {totals.worlds, totals.transitions, totals.executions, totals.depth, totals.steps,
                              totals.world_bytes_max, totals.world_bytes_mean}) {
    text += std::to_string(total) + " ";
  }
  text += std::string(name_of(exploration.coverage.limit)) + " " + std::to_string(exploration.coverage.unexplored);
  return text;
}

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

// A thread's start is a step too, so n increments are n + 1 steps.
TEST(EveryPath, CountsTheMultinomial) {
  const Toy<Counters> locked({.threads = 4, .times = 2});
  const Exploration four_by_three = every_path(locked, {.workers = 2, .checks = Checks::none});
  EXPECT_EQ(four_by_three.totals.executions, 369600u);
  ASSERT_EQ(four_by_three.outcomes.size(), 1u);
  EXPECT_EQ(four_by_three.outcomes[0].executions, 369600u);
  EXPECT_TRUE(four_by_three.coverage.complete());

  const Toy<Counters> apart({.threads = 3, .times = 3, .locking = Counters::Locking::nothing_shared});
  EXPECT_EQ(every_path(apart).totals.executions, 34650u);
}

}  // namespace
}  // namespace sim
