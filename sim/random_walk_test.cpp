// SPDX-License-Identifier: Apache-2.0
#include "sim/random_walk.hpp"

#include <gtest/gtest.h>

#include "sim/explore.hpp"
#include "sim/toys_for_test.hpp"

namespace sim {
namespace {

using toys::Counters;
using toys::Toy;

std::string histogram(const Exploration& walks) {
  std::string text;
  for (const Outcome& outcome : walks.outcomes) {
    text += outcome.text + " " + std::to_string(outcome.executions) + " " + to_text(outcome.witness) + "\n";
  }
  return text;
}

const Toy<Counters> kRacy({.threads = 3, .times = 2, .locking = Counters::Locking::racy});

TEST(RandomWalk, GoesBySeedWhateverTheWorkers) {
  const std::string alone = histogram(random_walks(kRacy, 1, 5000));
  EXPECT_EQ(histogram(random_walks(kRacy, 1, 5000, {.workers = 2})), alone);
  EXPECT_EQ(histogram(random_walks(kRacy, 1, 5000, {.workers = 4})), alone);
  EXPECT_NE(histogram(random_walks(kRacy, 2, 5000)), alone);
}

TEST(RandomWalk, IsASampleOfWhatExplorationFinds) {
  const Exploration walks = random_walks(kRacy, 1, 5000);
  EXPECT_EQ(walks.totals.executions, 5000u);
  EXPECT_EQ(walks.coverage.limit, Limit::sample);
  EXPECT_FALSE(walks.coverage.complete());
  const Exploration all = explore(kRacy);
  for (const Outcome& outcome : walks.outcomes) EXPECT_TRUE(all.find(outcome.text)) << outcome.text;
}

}  // namespace
}  // namespace sim
