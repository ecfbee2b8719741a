// SPDX-License-Identifier: Apache-2.0
#include "sim/decisive_pair.hpp"

#include <gtest/gtest.h>

#include "sim/explore.hpp"
#include "sim/replay.hpp"
#include "sim/toys_for_test.hpp"

namespace sim {
namespace {

using toys::Counters;
using toys::Toy;
using toys::TwoLocks;
using toys::WakeUp;

// The scheduling points of the pair that decided for `outcome` in its witness.
struct Found {
  DecisivePair pair;
  std::string first, second;
};

std::optional<Found> decisive(const Subject& subject, const std::string& outcome) {
  const Exploration found = explore(subject);
  const std::vector<Move> moves = moves_of(subject, found.find(outcome)->witness).value();
  const auto pair = decisive_pair(subject, moves, [&](const std::string& text) { return text == outcome; });
  if (!pair) return {};
  Arena arena(subject.arena_size());
  const auto point = [&](std::size_t step) {
    const World& world =
        replay(subject, std::vector<Move>(moves.begin(), moves.begin() + static_cast<int>(step)), arena);
    const Thread& thread = world.thread(step < moves.size() ? moves[step].thread : pair->pending);
    return std::string(thread.name) + " " + thread.wait.what;
  };
  return Found{*pair, point(pair->first), point(pair->second)};
}

TEST(DecisivePair, OfALostWakeUpIsTheWakeAndTheDecisionToSleep) {
  const auto found = decisive(Toy<WakeUp>({.recheck = WakeUp::Recheck::no}), "asleep");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->pair.proof, DecisivePair::Proof::every_continuation);
  EXPECT_EQ(found->first, "waker set");
  EXPECT_EQ(found->second, "sleeper decided to sleep");
  EXPECT_EQ(found->pair.instead, "woken");
}

TEST(DecisivePair, OfADeadlockIsALockTakenBetweenTwo) {
  const auto found = decisive(Toy<TwoLocks>(), "deadlock");
  ASSERT_TRUE(found);
  EXPECT_NE(found->pair.pending, kNoThread) << "a step that could not be made any more";
  EXPECT_EQ(found->pair.instead, "done");
}

TEST(DecisivePair, OfALostUpdateIsAStoreThatComesAfterTheOthersLoad) {
  const Toy<Counters> racy({.threads = 2, .times = 1, .locking = Counters::Locking::racy});
  const auto found = decisive(racy, "value=1");
  ASSERT_TRUE(found);
  EXPECT_NE(found->first.substr(0, 2), found->second.substr(0, 2)) << "of two threads";
  EXPECT_EQ(found->pair.instead, "value=2");
}

TEST(DecisivePair, ThereIsNoneWhereNothingElseCanHappen) {
  EXPECT_FALSE(decisive(Toy<Counters>({.threads = 2, .times = 1}), "value=2"));
}

}  // namespace
}  // namespace sim
