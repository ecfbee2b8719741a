// SPDX-License-Identifier: Apache-2.0
#include "sim/dependence.hpp"

#include <gtest/gtest.h>

#include "sim/after.hpp"
#include "sim/explore.hpp"
#include "sim/replay.hpp"
#include "sim/toys_for_test.hpp"

namespace sim {
namespace {

using toys::Counters;
using toys::Toy;

std::vector<Move> moves(const Subject& subject, const std::string& schedule) {
  return moves_of(subject, parse_schedule(schedule).value()).value();
}

TEST(Dependence, StepsUnderTheSameLockMeetAndOthersDoNot) {
  const Toy<Counters> locked({.threads = 2, .times = 1});
  // Each thread arrives at the lock, then takes it and counts.
  const Dependence run(locked, moves(locked, "t0:2 t1:2"));
  EXPECT_TRUE(run.meet(1, 3));
  EXPECT_FALSE(run.meet(0, 2));
  EXPECT_TRUE(run.before(0, 1));
  EXPECT_TRUE(run.before(0, 3)) << "by way of step 1";
  EXPECT_FALSE(run.before(1, 2));
  EXPECT_EQ(run.previous(3), 2);
  EXPECT_EQ(run.previous(2), -1);

  const Toy<Counters> apart({.threads = 2, .times = 1, .locking = Counters::Locking::nothing_shared});
  const Dependence nothing(apart, moves(apart, "t0:2 t1:2"));
  EXPECT_FALSE(nothing.meet(1, 3));
}

TEST(Dependence, SwappedStepsTakeAlongWhatTheyNeed) {
  const Toy<Counters> locked({.threads = 2, .times = 1});
  const std::vector<Move> made = moves(locked, "t0:2 t1:2");
  const Dependence run(locked, made);
  EXPECT_EQ(run.swapped(1, 3), (std::vector<Move>{made[0], made[2], made[3]}));
  EXPECT_TRUE(run.swapped(0, 1).empty()) << "one thread's steps keep their order";
}

TEST(After, ExploresWhatCanStillHappen) {
  const Toy<Counters> racy({.threads = 2, .times = 1, .locking = Counters::Locking::racy});
  EXPECT_EQ(explore(racy).outcomes.size(), 2u);
  // Both have loaded 0.
  const Exploration late = explore(After(racy, moves(racy, "t0:2 t1:2")));
  ASSERT_EQ(late.outcomes.size(), 1u);
  EXPECT_EQ(late.outcomes[0].text, "value=1");
}

}  // namespace
}  // namespace sim
