// SPDX-License-Identifier: Apache-2.0
#include "sim/checked_step.hpp"

#include <gtest/gtest.h>

#include "sim/every_path.hpp"
#include "sim/explore.hpp"
#include "sim/slab.hpp"
#include "sim/toys_for_test.hpp"

namespace sim {
namespace {

using toys::Toy;

const Effort kChecked{.checks = Checks::every_step};

struct Undeclared {
  Cell<int> declared{};
  int secret = 0;
  Task<void> run() {
    co_await point("honest");
    declared.write(1);
    co_await point("dishonest");
    secret = 1;
  }
  void boot(World& world) {
    world.spawn("liar", [this] { return run(); });
  }
  std::string outcome(const World&, std::uint8_t) const { return "done"; }
};

TEST(CheckedStep, NoticesAWriteThatWasNotDeclared) {
  for (const Exploration& found :
       {explore(Toy<Undeclared>(), kChecked), every_path(Toy<Undeclared>(), kChecked)}) {
    ASSERT_EQ(found.findings.size(), 1u);
    EXPECT_EQ(found.findings[0].kind, Finding::Kind::footprint);
    EXPECT_EQ(to_text(found.findings[0].schedule), "liar:3");
    EXPECT_NE(found.findings[0].text.find("liar changed byte"), std::string::npos) << found.findings[0].text;
    EXPECT_NE(found.findings[0].text.find("checked_step_test.cpp"), std::string::npos)
        << found.findings[0].text;
  }
  EXPECT_TRUE(explore(Toy<Undeclared>(), {.checks = Checks::none}).findings.empty());
}

// One thread publishes a variable of its frame, another writes there.
struct FrameSharing {
  enum class Declares { yes, no } declares = Declares::yes;
  Cell<int*> published{};
  Task<void> owner() {
    int mine = 0;
    co_await point("publish");
    published.write(&mine);
    co_await point("take back");
    published.write(nullptr);
  }
  Task<void> writer() {
    co_await point("write");
    int* theirs = published.read();
    if (!theirs) co_return;
    if (declares == Declares::yes) touch(theirs, sizeof *theirs, Access::write);
    *theirs = 7;
  }
  void boot(World& world) {
    world.spawn("owner", [this] { return owner(); });
    world.spawn("writer", [this] { return writer(); });
  }
  std::string outcome(const World&, std::uint8_t) const { return "done"; }
};

TEST(CheckedStep, NoticesAWriteIntoTheFramesOfAnotherThread) {
  EXPECT_TRUE(explore(Toy<FrameSharing>(), kChecked).findings.empty());
  const Exploration found = explore(Toy<FrameSharing>({.declares = FrameSharing::Declares::no}), kChecked);
  ASSERT_EQ(found.findings.size(), 1u);
  EXPECT_NE(found.findings[0].text.find("of owner's frames"), std::string::npos) << found.findings[0].text;
}

struct LocksAndSlabs {
  struct Node {
    int value;
  };
  Lock lock{toys::kLockA};
  Slab<Node> nodes{};
  Task<void> run() {
    co_await lock.lock();
    Node* node = nodes.allocate(3);
    lock.unlock();
    co_await lock.lock();
    nodes.release(node);
    lock.unlock();
  }
  void boot(World& world) {
    for (int i = 0; i < 3; ++i) world.spawn(toys::kThreadNames[i], [this] { return run(); });
  }
  std::string outcome(const World&, std::uint8_t) const { return "done"; }
};

TEST(CheckedStep, LocksAndSlabsDeclareWhatTheyChange) {
  const Exploration found = explore(Toy<LocksAndSlabs>(), kChecked);
  for (const Finding& finding : found.findings)
    ADD_FAILURE() << finding.text << " " << to_text(finding.schedule);
  EXPECT_EQ(found.outcomes.size(), 1u);
}

struct Unrepeatable {
  Cell<int> value{};
  Task<void> run() {
    static int calls = 0;
    co_await point("look outside the world");
    value.write(++calls);
  }
  void boot(World& world) {
    world.spawn("t", [this] { return run(); });
  }
  std::string outcome(const World&, std::uint8_t) const { return "done"; }
};

TEST(CheckedStep, NoticesAStepThatDependsOnSomethingOutsideItsWorld) {
  const Exploration found = explore(Toy<Unrepeatable>(), kChecked);
  ASSERT_EQ(found.findings.size(), 1u);
  EXPECT_EQ(found.findings[0].kind, Finding::Kind::unrepeatable);
}

struct Invariant {
  int limit = 2;
  Cell<int> value{};
  Task<void> run() {
    co_await point("up");
    value.write(value.read() + 1);
  }
  void boot(World& world) {
    for (int i = 0; i < 3; ++i) world.spawn(toys::kThreadNames[i], [this] { return run(); });
  }
  std::string outcome(const World&, std::uint8_t) const { return "done"; }
  std::string broken_invariant() const { return value.peek() < limit ? "" : "the value is below its limit"; }
};

TEST(CheckedStep, ReportsTheFirstBrokenInvariantWithItsSchedule) {
  const Exploration found = explore(Toy<Invariant>(), {.workers = 2, .checks = Checks::every_step});
  ASSERT_EQ(found.findings.size(), 1u);
  EXPECT_EQ(found.findings[0].kind, Finding::Kind::invariant);
  EXPECT_EQ(found.findings[0].text, "the value is below its limit");
  EXPECT_EQ(to_text(found.findings[0].schedule), "t0:2 t1:2");
}

TEST(CheckedStep, LooksAtTheFirstWorldToo) {
  const Exploration found = explore(Toy<Invariant>({.limit = 0}), kChecked);
  ASSERT_EQ(found.findings.size(), 1u);
  EXPECT_EQ(found.findings[0].schedule.length(), 0u);
}

TEST(CheckedStep, ReportsALockOrderThatReverses) {
  using toys::TwoLocks;
  const Toy<TwoLocks> reversed({.order = TwoLocks::Order::opposite, .when = TwoLocks::When::apart});
  const Exploration found = explore(reversed, kChecked);
  ASSERT_EQ(found.outcomes.size(), 1u);
  EXPECT_EQ(found.outcomes[0].text, "done") << "it does not deadlock here, and yet";
  ASSERT_EQ(found.findings.size(), 1u);
  EXPECT_EQ(found.findings[0].kind, Finding::Kind::order);
  EXPECT_EQ(found.findings[0].text, "lock A → lock B → lock A");
  EXPECT_TRUE(explore(Toy<TwoLocks>({.order = TwoLocks::Order::same}), kChecked).findings.empty());
}

}  // namespace
}  // namespace sim
