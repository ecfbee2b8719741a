// SPDX-License-Identifier: Apache-2.0
#include "scenarios/field/volatile-pages/volatile_pages.hpp"

#include <gtest/gtest.h>

namespace field {
namespace {

TEST(VolatilePages, NobodySeesZerosAndNobodyIsLeftAsleep) {
  const Report report = explore(VolatilePages{}, {.workers = 2});
  EXPECT_TRUE(report.holds()) << report;
}

TEST(VolatilePages, OnEveryKernel) {
  for (const char* kernel : {"6.1", "6.12", "7.3"}) {
    const Report report = explore(VolatilePages{}, {.kernel = kernel, .workers = 2});
    EXPECT_TRUE(report.holds()) << kernel << "\n" << report;
  }
}

TEST(VolatilePages, MorePagesAndApplicationsBySampling) {
  const Report report = explore(VolatilePages{.pages = 2, .applications = 2}, {.walks = 2000, .workers = 2});
  EXPECT_TRUE(report.holds()) << report;
}

void expect_conviction(Regenerator mistake) {
  const Report report = explore(VolatilePages{.regenerator = mistake}, {.workers = 2});
  ASSERT_TRUE(report.failure("application0 waits forever")) << report;
  EXPECT_EQ(report.failures.size(), 1u) << report;
}

TEST(VolatilePages, WhoeverStopsAtEexistLeavesTheApplicationAsleep) {
  expect_conviction(Regenerator::stops_at_eexist);
}
TEST(VolatilePages, WhoeverIgnoresEexistLeavesTheApplicationAsleep) {
  expect_conviction(Regenerator::ignores_eexist);
}
TEST(VolatilePages, WhoeverServesAPageOnceLeavesTheApplicationAsleep) {
  expect_conviction(Regenerator::serves_a_page_once);
}

}  // namespace
}  // namespace field
