// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "model/fault/access.hpp"
#include "model/one_thread_for_test.hpp"

namespace model {
namespace {

TEST(Poison, IsSigbusForWhoeverTouchesIt) {
  OneThread one;
  one.open_uffd();
  EXPECT_EQ(one.map(page(16), {2}), Errno::none);
  EXPECT_EQ(one.arm(page(16), {2}).error, Errno::none);
  const auto poison = [&] { return userfaultfd_poison(one.ctx(), {page(16), kPageSize}); };
  EXPECT_EQ(one.run(poison).field, static_cast<std::int64_t>(kPageSize));
  EXPECT_EQ(one.run(poison).error, Errno::exist);
  const auto load = [&] { return touch_memory(one.mm(), page(16), Access::read, Mode::user, 0); };
  EXPECT_EQ(one.run(load).how, Touched::How::sigbus);
  EXPECT_TRUE(one.mm().page_tables.walk(page(16)).is_marker(PteMarker::poisoned));
}

}  // namespace
}  // namespace model
