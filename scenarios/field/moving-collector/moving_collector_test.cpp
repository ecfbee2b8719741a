// SPDX-License-Identifier: Apache-2.0
#include "scenarios/field/moving-collector/moving_collector.hpp"

#include <gtest/gtest.h>

namespace field {
namespace {

TEST(MovingCollector, EverybodySeesHisObjectsAndAPageIsCompactedOnce) {
  const Report report = explore(MovingCollector{}, {.workers = 2});
  EXPECT_TRUE(report.holds()) << report;
}

TEST(MovingCollector, OnEveryKernelWithMove) {
  for (const char* kernel : {"6.12", "7.3"}) {
    const Report report = explore(MovingCollector{}, {.kernel = kernel, .workers = 2});
    EXPECT_TRUE(report.holds()) << kernel << "\n" << report;
  }
}

TEST(MovingCollector, TwoPagesAndOneMutator) {
  const Report report = explore(MovingCollector{.pages = 2, .mutators = 1}, {.workers = 2});
  EXPECT_TRUE(report.holds()) << report;
}

TEST(MovingCollector, MorePagesBySampling) {
  const Report report = explore(MovingCollector{.pages = 4}, {.walks = 20000, .workers = 2});
  EXPECT_TRUE(report.holds()) << report;
}

void expect_conviction(Collector mistake, const char* what) {
  const Report report = explore(MovingCollector{.collector = mistake, .mutators = 1}, {.workers = 2});
  EXPECT_TRUE(report.failure(what)) << report;
}

TEST(MovingCollector, WhoeverRegistersLastShowsZeros) {
  expect_conviction(Collector::registers_last, "who touches the space sees its object");
}
TEST(MovingCollector, WhoeverClaimsNothingCompactsAPageTwice) {
  expect_conviction(Collector::claims_nothing, "a page is compacted once");
}
TEST(MovingCollector, WhoeverAnnouncesEarlyMakesAMutatorGiveUp) {
  expect_conviction(Collector::announces_early, "who touches the space sees its object");
}

}  // namespace
}  // namespace field
