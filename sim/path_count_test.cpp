// SPDX-License-Identifier: Apache-2.0
#include "sim/path_count.hpp"

#include <gtest/gtest.h>

#include "sim/every_path.hpp"
#include "sim/explore.hpp"
#include "sim/toys_for_test.hpp"

namespace sim {
namespace {

TEST(PathCountTest, IsWhatMakingEveryExecutionCounts) {
  const toys::Toy<toys::Counters> racy({.threads = 2, .times = 3, .locking = toys::Counters::Locking::racy});
  EXPECT_EQ(explore(racy).totals.paths, static_cast<double>(every_path(racy).totals.executions));
  const toys::Toy<toys::TwoLocks> deadlock;
  EXPECT_EQ(explore(deadlock).totals.paths, static_cast<double>(every_path(deadlock).totals.executions));
}

TEST(PathCountTest, IsNothingWhereExecutionsGoRound) {
  EXPECT_EQ(explore(toys::Toy<toys::Spinner>()).totals.paths, 0.0);
}

TEST(PathCountTest, CountsWhatNobodyCouldMake) {
  const toys::Toy<toys::Counters> many({.threads = 8, .times = 3});
  EXPECT_NEAR(explore(many).totals.paths / 2'390'461'829'733'887'910e6, 1,
              1e-9);  // 32! / (4!)^8: a step to begin
}

}  // namespace
}  // namespace sim
