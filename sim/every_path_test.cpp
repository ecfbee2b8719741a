// SPDX-License-Identifier: Apache-2.0
#include "sim/every_path.hpp"

#include <gtest/gtest.h>

#include "sim/toys_for_test.hpp"

namespace sim {
namespace {

using toys::Counters;
using toys::everything;
using toys::Spinner;
using toys::Toy;

// A thread's start is a step too, so n increments are n + 1 steps.
TEST(EveryPath, CountsTheMultinomial) {
  const Toy<Counters> locked({.threads = 4, .times = 2});
  const Exploration four_by_three = every_path(locked, {.workers = 2, .checks = Checks::none});
  EXPECT_EQ(four_by_three.totals.executions, 369600u);
  ASSERT_EQ(four_by_three.outcomes.size(), 1u);
  EXPECT_EQ(four_by_three.outcomes[0].executions, 369600u);
  EXPECT_EQ(four_by_three.outcomes[0].worlds, 1u);
  EXPECT_TRUE(four_by_three.coverage.complete());

  const Toy<Counters> apart({.threads = 3, .times = 3, .locking = Counters::Locking::nothing_shared});
  EXPECT_EQ(every_path(apart).totals.executions, 34650u);
}

TEST(EveryPath, DoesNotDependOnTheNumberOfWorkers) {
  const Toy<Counters> toy({.threads = 3, .times = 1, .locking = Counters::Locking::racy});
  const std::string alone = everything(every_path(toy));
  EXPECT_EQ(everything(every_path(toy, {.workers = 2})), alone);
  EXPECT_EQ(everything(every_path(toy, {.workers = 4})), alone);
}

TEST(EveryPath, StopsAtItsBudgetExactlyAndSaysSo) {
  const Toy<Counters> toy({.threads = 3, .times = 3, .locking = Counters::Locking::nothing_shared});
  const Effort effort{.budget = {.executions = 10007}};
  const Exploration found = every_path(toy, effort);
  EXPECT_EQ(found.totals.executions, 10007u);
  EXPECT_EQ(found.coverage.limit, Limit::executions);
  EXPECT_GT(found.coverage.unexplored, 0u);
  EXPECT_EQ(everything(every_path(toy, {.workers = 4, .budget = effort.budget})), everything(found));
}

TEST(EveryPath, GivesUpExecutionsThatAreTooLong) {
  const Exploration found = every_path(Toy<Spinner>(), {.budget = {.steps_per_execution = 12}});
  EXPECT_EQ(found.coverage.limit, Limit::steps);
  EXPECT_GT(found.coverage.given_up, 0u);
  ASSERT_EQ(found.outcomes.size(), 1u);
  EXPECT_EQ(found.outcomes[0].text, "done");
}

TEST(EveryPath, CanBeToldToStop) {
  const Toy<Counters> toy({.threads = 4, .times = 3});
  std::atomic<bool> stop{false};
  Effort effort{.stop = &stop, .progress = [&](const Progress& progress) { stop = progress.executions > 0; }};
  const Exploration found = every_path(toy, effort);
  EXPECT_EQ(found.coverage.limit, Limit::interrupted);
  EXPECT_GT(found.totals.executions, 0u);
  EXPECT_LT(found.totals.executions, 1000000u);
}

}  // namespace
}  // namespace sim
