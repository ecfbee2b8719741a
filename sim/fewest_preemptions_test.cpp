// SPDX-License-Identifier: Apache-2.0
#include "sim/fewest_preemptions.hpp"

#include <gtest/gtest.h>

#include "sim/schedule.hpp"
#include "sim/toys_for_test.hpp"

namespace sim {
namespace {

using toys::Counters;
using toys::Toy;
using toys::TwoLocks;

Goal ends_in(const Subject& subject, const std::string& outcome) {
  return [&subject, outcome](const World& world, std::uint64_t) {
    return world.condition() != Condition::running && subject.outcome(world, 0) == outcome;
  };
}

TEST(FewestPreemptions, ADeadlockOfTwoLocksNeedsOne) {
  const Toy<TwoLocks> toy;
  const auto run = fewest_preemptions(toy, ends_in(toy, "deadlock"), 1000);
  ASSERT_TRUE(run);
  EXPECT_EQ(run->preemptions, 1u);
  EXPECT_EQ(preemptions_of(toy, run->moves), 1u);
}

TEST(FewestPreemptions, NoneWhereThreadsMayRunOneAfterTheOther) {
  const Toy<Counters> toy({.threads = 3, .times = 2});
  const auto run = fewest_preemptions(toy, ends_in(toy, "value=6"), 10000);
  ASSERT_TRUE(run);
  EXPECT_EQ(run->preemptions, 0u);
  EXPECT_EQ(to_text(told(toy, run->moves)), "t0:3 t1:3 t2:3");
}

TEST(FewestPreemptions, NoneIsFoundBeyondTheBoundOrWhereThereIsNone) {
  const Toy<Counters> toy({.threads = 3, .times = 2});
  EXPECT_FALSE(fewest_preemptions(toy, ends_in(toy, "value=6"), 3));
  EXPECT_FALSE(fewest_preemptions(toy, ends_in(toy, "value=7"), 10000));
}

TEST(FewestPreemptions, WhoRanBeforeCounts) {
  const Toy<Counters> toy({.threads = 2, .times = 1});
  const auto run = fewest_preemptions(toy, ends_in(toy, "value=2"), 1000, 1);
  ASSERT_TRUE(run);
  EXPECT_EQ(run->preemptions, 0u);
  EXPECT_EQ(run->moves.front().thread, 1) << "to let another run first would preempt it";
}

}  // namespace
}  // namespace sim
