// SPDX-License-Identifier: Apache-2.0
#include "sim/lock.hpp"

#include <gtest/gtest.h>

#include "sim/explore.hpp"
#include "sim/toys_for_test.hpp"

namespace sim {
namespace {

using toys::Toy;
using toys::TwoLocks;
using toys::WakeUp;

TEST(Lock, TakenInOppositeOrdersDeadlocks) {
  const Exploration found = explore(Toy<TwoLocks>({.order = TwoLocks::Order::opposite}));
  ASSERT_EQ(found.outcomes.size(), 2u);
  const Outcome& deadlock = found.outcomes[0];
  EXPECT_EQ(deadlock.text, "deadlock");
  EXPECT_EQ(deadlock.ending, Ending::blocked);
  EXPECT_EQ(to_text(deadlock.witness), "forward:2 backward:2");
  EXPECT_NE(deadlock.stacks.find("forward (waits for lock B, held by backward)"), std::string::npos)
      << deadlock.stacks;
  EXPECT_EQ(found.outcomes[1].text, "done");
  EXPECT_EQ(explore(Toy<TwoLocks>({.order = TwoLocks::Order::same})).outcomes.size(), 1u);
}

TEST(Sleeping, WithoutASecondLookTheWakeUpIsLost) {
  const Exploration lost = explore(Toy<WakeUp>({.recheck = WakeUp::Recheck::no}));
  const Outcome* asleep = lost.find("asleep");
  ASSERT_TRUE(asleep);
  EXPECT_EQ(asleep->ending, Ending::blocked);
  EXPECT_EQ(to_text(asleep->witness), "sleeper:2 waker:2 sleeper:1");
  EXPECT_NE(asleep->stacks.find("waits for the flag"), std::string::npos) << asleep->stacks;

  const Exploration safe = explore(Toy<WakeUp>());
  EXPECT_FALSE(safe.find("asleep"));
  EXPECT_TRUE(safe.find("woken"));
}

enum class Misuse { unlocks_anothers, sleeps_with_a_spinlock, ends_with_a_lock, takes_two_of_a_class };

struct Misused {
  Misuse misuse = Misuse::unlocks_anothers;
  Lock lock{toys::kLockA};
  Lock sibling{toys::kLockA};
  Task<void> run() {
    co_await point("before");
    co_await lock.lock();
    if (misuse == Misuse::sleeps_with_a_spinlock) co_await schedule("never");
    if (misuse == Misuse::takes_two_of_a_class) co_await sibling.lock();
    if (misuse == Misuse::ends_with_a_lock) co_return;
    co_await point("inside");
    lock.unlock();
  }
  Task<void> other() {
    co_await point("other");
    if (misuse == Misuse::unlocks_anothers && lock.owner() == 0) lock.unlock();
  }
  void boot(World& world) {
    world.spawn("user", [this] { return run(); });
    world.spawn("other", [this] { return other(); });
  }
  std::string outcome(const World&, std::uint8_t) const { return "done"; }
};

using LockDeathTest = testing::Test;

TEST(LockDeathTest, MisuseIsTheSimulatorsFault) {
  const auto explored = [](Misuse misuse) {
    explore(Toy<Misused>({.misuse = misuse}), {.checks = Checks::every_step});
  };
  EXPECT_DEATH(explored(Misuse::unlocks_anothers), "the simulator is wrong: owner_ == current.thread");
  EXPECT_DEATH(explored(Misuse::sleeps_with_a_spinlock), "the simulator is wrong: !holds_a_spinlock");
  EXPECT_DEATH(explored(Misuse::ends_with_a_lock), "the simulator is wrong: thread.held_count == 0");
  EXPECT_DEATH(explored(Misuse::takes_two_of_a_class), "the simulator is wrong: outer.nests == Nests::yes");
}

TEST(LockDeathTest, AFailedAssertionPrintsItsSchedule) {
  EXPECT_DEATH(explore(Toy<Misused>({.misuse = Misuse::ends_with_a_lock})),
               "the schedule that led there: user:3");
}

}  // namespace
}  // namespace sim
