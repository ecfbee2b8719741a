// SPDX-License-Identifier: Apache-2.0
#include "scenarios/field/live-snapshot/live_snapshot.hpp"

#include <gtest/gtest.h>

namespace field {
namespace {

TEST(LiveSnapshot, TheImageIsOneInstantAndEveryVcpuRunsAgain) {
  const Report report = explore(LiveSnapshot{}, {.workers = 2});
  EXPECT_TRUE(report.holds()) << report;
}

TEST(LiveSnapshot, OnEveryKernel) {
  for (const char* kernel : {"6.1", "6.12", "7.3"}) {
    const Report report = explore(LiveSnapshot{}, {.kernel = kernel, .workers = 2});
    EXPECT_TRUE(report.holds()) << kernel << "\n" << report;
  }
}

TEST(LiveSnapshot, MorePagesAndVcpusBySampling) {
  const Report report = explore(LiveSnapshot{.pages = 4, .vcpus = 2}, {.walks = 20000, .workers = 2});
  EXPECT_TRUE(report.holds()) << report;
}

void expect_conviction(Snapshot mistake, const char* what, const char* kernel = "6.18") {
  const Report report = explore(LiveSnapshot{.snapshot = mistake}, {.kernel = kernel, .workers = 2});
  EXPECT_TRUE(report.failure(what)) << report;
}

TEST(LiveSnapshot, WhoeverSkipsMissingPagesSavesTwoInstants) {
  expect_conviction(Snapshot::skips_missing_pages, "the image is memory at one instant");
}
TEST(LiveSnapshot, WhoeverLiftsBeforeItCopiesSavesTwoInstants) {
  expect_conviction(Snapshot::lifts_before_it_copies, "the image is memory at one instant");
}
TEST(LiveSnapshot, WhoeverUnregistersAtOnceLeavesAVcpuAsleep) {
  expect_conviction(Snapshot::unregisters_at_once, "vcpu0 waits forever");
}
TEST(LiveSnapshot, WhoeverEndsWithoutALastWakeLeavesAVcpuAsleep) {
  for (const char* kernel : {"6.1", "6.18", "7.3"}) {
    expect_conviction(Snapshot::ends_without_last_wake, "vcpu0 waits forever", kernel);
  }
}

}  // namespace
}  // namespace field
