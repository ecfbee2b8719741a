// SPDX-License-Identifier: Apache-2.0
#include "model/uffd/move.hpp"

#include <gtest/gtest.h>

#include "model/fault/access.hpp"
#include "model/one_thread_for_test.hpp"

namespace model {
namespace {

struct Move : testing::Test {
  Move() {
    one.open_uffd();
    EXPECT_EQ(one.map(page(16), {4}), Errno::none);
    EXPECT_EQ(one.map(page(32), {4}), Errno::none);
    EXPECT_EQ(one.arm(page(16), {4}).error, Errno::none);
  }
  IoctlReply move(VirtAddr to, VirtAddr from, PageCount pages = {1}, std::uint64_t mode = 0) {
    return one.run([&] { return userfaultfd_move(one.ctx(), one.mm(), {{to, pages.bytes(), mode}, from}); });
  }
  void store(VirtAddr at) {
    const Touched touched =
        one.run([&] { return touch_memory(one.mm(), at, Access::write, Mode::user, 'S'); });
    EXPECT_EQ(touched.how, Touched::How::done);
  }
  Pte leaf(VirtAddr at) { return one.mm().page_tables.walk(at); }

  OneThread one;
};

TEST_F(Move, TakesTheVeryFrameAlong) {
  store(page(32));
  const Pfn frame = leaf(page(32)).pte_pfn();
  const IoctlReply reply = move(page(16), page(32));
  EXPECT_EQ(reply.error, Errno::none);
  EXPECT_EQ(reply.field, static_cast<std::int64_t>(kPageSize));
  EXPECT_EQ(leaf(page(16)).pte_pfn(), frame);
  EXPECT_TRUE(leaf(page(32)).pte_none());
}

TEST_F(Move, StopsAtAHoleAndSaysHowFarItCame) {
  store(page(32));
  store(page(34));
  const IoctlReply reply = move(page(16), page(32), {3});
  EXPECT_EQ(reply.error, Errno::again);
  EXPECT_EQ(reply.field, static_cast<std::int64_t>(kPageSize));
  EXPECT_TRUE(leaf(page(34)).pte_present());
}

TEST_F(Move, PassesOverHolesIfAsked) {
  store(page(34));
  const IoctlReply reply = move(page(16), page(32), {4}, abi::kMoveModeAllowSrcHoles);
  EXPECT_EQ(reply.error, Errno::none);
  EXPECT_EQ(reply.field, static_cast<std::int64_t>(4 * kPageSize));
  EXPECT_TRUE(leaf(page(18)).pte_present());
}

TEST_F(Move, LeavesNothingInTheTlb) {
  store(page(32));
  EXPECT_EQ(move(page(16), page(32)).error, Errno::none);
  const Touched again = one.run([&] { return touch_memory_atomic(one.mm(), page(32), Access::read, 0); });
  EXPECT_NE(again.how, Touched::How::done);
}

TEST_F(Move, RefusesAreasThatLeaveTheirMapping) {
  store(page(35));
  const IoctlReply reply = move(page(16), page(35), {2});
  EXPECT_EQ(reply.error, Errno::inval);
  EXPECT_EQ(reply.field, -static_cast<std::int64_t>(Errno::inval));
}

TEST_F(Move, DoesNotExistOn61) {
  OneThread old(linux_6_1);
  old.open_uffd();
  const IoctlReply reply = old.run([&] {
    return linux_6_1.move(old.ctx(), old.mm(), {{page(16), kPageSize}, page(32)});
  });
  EXPECT_EQ(reply.error, Errno::inval);
  EXPECT_EQ(reply.field_state, FieldState::untouched);
}

}  // namespace
}  // namespace model
