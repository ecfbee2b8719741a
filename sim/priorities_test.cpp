// SPDX-License-Identifier: Apache-2.0
#include "sim/priorities.hpp"

#include <gtest/gtest.h>

#include "sim/explore.hpp"
#include "sim/random_walk.hpp"
#include "sim/toys_for_test.hpp"

namespace sim {
namespace {

using toys::Counters;
using toys::Spinner;
using toys::Toy;
using toys::WakeUp;

std::uint64_t executions_of(const Exploration& exploration, const std::string& text) {
  const Outcome* outcome = exploration.find(text);
  return outcome ? outcome->executions : 0;
}

TEST(Priorities, GoBySeedWhateverTheWorkers) {
  const Toy<Counters> racy({.threads = 3, .times = 2, .locking = Counters::Locking::racy});
  const auto counts = [&](std::uint64_t seed, int workers) {
    std::string text;
    for (const Outcome& outcome : by_priorities(racy, seed, 3, 2000, {.workers = workers}).outcomes) {
      text += outcome.text + " " + std::to_string(outcome.executions) + "\n";
    }
    return text;
  };
  EXPECT_EQ(counts(1, 2), counts(1, 1));
  EXPECT_NE(counts(2, 1), counts(1, 1));
}

TEST(Priorities, AreASampleOfWhatExplorationFinds) {
  const Toy<Counters> racy({.threads = 3, .times = 2, .locking = Counters::Locking::racy});
  const Exploration found = by_priorities(racy, 1, 3, 2000);
  EXPECT_EQ(found.totals.executions, 2000u);
  EXPECT_EQ(found.coverage.limit, Limit::sample);
  const Exploration all = explore(racy);
  for (const Outcome& outcome : found.outcomes) EXPECT_TRUE(all.find(outcome.text)) << outcome.text;
}

TEST(Priorities, ThreadsRunOneAfterTheOtherAtDepthOne) {
  const Toy<Counters> racy({.threads = 4, .times = 3, .locking = Counters::Locking::racy});
  EXPECT_EQ(executions_of(by_priorities(racy, 1, 1, 500), "value=12"), 500u);
}

// One thread looks before the other has begun, and again when that has made its hundred steps: one execution
// in two hundred at depth two, while a fair die would have to fall to one side a hundred times.
struct RareOrder {
  Cell<int> steps{};
  Cell<bool> early{};

  Task<void> runs_long() {
    for (int i = 0; i < 100; ++i) {
      co_await point("step");
      steps.write(steps.read() + 1);
    }
  }
  Task<void> looks() {
    co_await point("look");
    const int first = steps.read();
    co_await point("look again");
    if (first == 0 && steps.read() == 100) early.write(true);
  }
  void boot(World& world) {
    world.spawn("long", [this] { return runs_long(); });
    world.spawn("looks", [this] { return looks(); });
  }
  std::string outcome(const World&, std::uint8_t) const { return early.peek() ? "rare" : "usual"; }
};

TEST(Priorities, FindOrdersThatAFairDieDoesNot) {
  const Toy<RareOrder> toy;
  EXPECT_EQ(executions_of(random_walks(toy, 1, 3000), "rare"), 0u);
  EXPECT_GT(executions_of(by_priorities(toy, 1, 2, 3000), "rare"), 3u);
}

TEST(Priorities, AThreadThatGoesRoundLetsTheOthersGoOn) {
  const Exploration found = by_priorities(Toy<Spinner>({.other = Spinner::Other::sets}), 1, 2, 100);
  EXPECT_EQ(executions_of(found, "done"), 100u);
}

}  // namespace
}  // namespace sim
