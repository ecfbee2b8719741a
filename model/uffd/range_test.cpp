// SPDX-License-Identifier: Apache-2.0
#include "model/uffd/range.hpp"

#include <gtest/gtest.h>

namespace model {
namespace {

TEST(Range, IsRefusedUnlessItIsPagesOfTheProcess) {
  EXPECT_EQ(validate_range({0x1000}, 0x1000), Errno::none);
  EXPECT_EQ(validate_range({0x1001}, 0x1000), Errno::inval) << "start not aligned";
  EXPECT_EQ(validate_range({0x1000}, 0x1001), Errno::inval) << "length not a multiple";
  EXPECT_EQ(validate_range({0x1000}, 0), Errno::inval) << "0 is never everything";
  EXPECT_EQ(validate_range(kTaskSize, 0x1000), Errno::inval) << "beyond the process";
  EXPECT_EQ(validate_range({kTaskSize.value - 0x1000}, 0x2000), Errno::inval) << "ends beyond it";
  EXPECT_EQ(validate_range({0x1000}, ~std::uint64_t{0} & kPageMask), Errno::inval) << "wraps";
}

TEST(Range, TheSourceOfACopyNeedNoAlignment) {
  EXPECT_EQ(validate_unaligned_range({0x1001}, 0x1000), Errno::none);
  EXPECT_EQ(validate_unaligned_range({0x1001}, 0x1001), Errno::inval);
}

}  // namespace
}  // namespace model
