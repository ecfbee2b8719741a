// SPDX-License-Identifier: Apache-2.0
#include "scenarios/field/independent-users/independent_users.hpp"

#include <gtest/gtest.h>

namespace field {
namespace {

constexpr IndependentUsers kTwoLibraries{.managers = 0};
constexpr IndependentUsers kLibraryAndManager{.caches = 0};

TEST(IndependentUsers, EachLibraryServesItsOwn) {
  for (const char* kernel : {"6.1", "6.12", "6.18", "7.3"}) {
    const Report report = explore(kTwoLibraries, {.kernel = kernel, .workers = 2});
    EXPECT_TRUE(report.holds()) << kernel << "\n" << report;
  }
}
TEST(IndependentUsers, AManagerMayFillWhatALibraryOwns) {
  for (const char* kernel : {"6.1", "6.12", "6.18", "7.3"}) {
    const Report report = explore(kLibraryAndManager, {.kernel = kernel, .workers = 2});
    EXPECT_TRUE(report.holds()) << kernel << "\n" << report;
  }
}
TEST(IndependentUsers, AllThreeBySampling) {
  const Report report = explore(IndependentUsers{}, {.walks = 5000, .workers = 2});
  EXPECT_TRUE(report.holds()) << report;
}

Report explored(IndependentUsers scenario, Users mistake, const char* kernel = "6.18") {
  scenario.users = mistake;
  return explore(scenario, {.kernel = kernel, .workers = 2});
}

TEST(IndependentUsers, WhoeverIgnoresEexistLeavesTheApplicationAsleep) {
  const Report report = explored(kLibraryAndManager, Users::ignores_eexist);
  EXPECT_TRUE(report.failure("app_heap waits forever")) << report;
}
TEST(IndependentUsers, WhoeverClosesTwiceClosesTheOthersContext) {
  const Report report = explored(kTwoLibraries, Users::closes_twice);
  EXPECT_TRUE(report.failure("the heap's application sees the heap")) << report;
}
TEST(IndependentUsers, WhoeverUnregistersEverythingRobsTheOtherOnOldKernels) {
  const Report report = explored(kTwoLibraries, Users::unregisters_everything, "6.12");
  EXPECT_TRUE(report.failure("the heap's application sees the heap")) << report;
}
TEST(IndependentUsers, SinceLinux617UnregisteringAnothersRangeIsRefused) {
  const Report report = explored(kTwoLibraries, Users::unregisters_everything);
  EXPECT_TRUE(report.holds()) << report;
}

}  // namespace
}  // namespace field
