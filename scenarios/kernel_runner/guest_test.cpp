// SPDX-License-Identifier: Apache-2.0
// Boots the images that are in the cache; fetches none.
#include "traces/kernel/guest.hpp"

#include <gtest/gtest.h>

#include "traces/kernel/image.hpp"
#include "traces/kernel/version.hpp"

namespace traces {
namespace {

constexpr const char* kMissingCopy = R"(litmus missing-copy
    A read of a missing page sleeps until the monitor fills it.

page x  missing
uffd    missing

thread reader
    r0 = load x

thread monitor
    f  = read
    r1 = copy f 'A'
)";

constexpr const char* kBlocked = R"(litmus blocked
    Nobody answers the fault.

page x  missing
uffd    missing

thread reader
    r0 = load x
)";

class GuestTest : public testing::TestWithParam<std::string> {};

TEST_P(GuestTest, RunsLitmusFiles) {
  const auto image = fetch_image(GetParam(), Fetch::never);
  if (!image) GTEST_SKIP() << image.error();
  Job job;
  job.options = {.iterations = 10, .seed = 3, .patience = std::chrono::minutes(1)};
  job.files = {{"missing-copy", kMissingCopy}, {"wrong", "litmus\n"}, {"blocked", kBlocked}};
  const GuestReport report = run_in_guest({.image = *image, .runner = UFFDSIM_KERNEL_RUNNER}, job);
  ASSERT_EQ(report.failure, "");
  EXPECT_EQ(modelled_kernel(report.kernel), GetParam());
  ASSERT_EQ(report.files.size(), 3u);
  ASSERT_TRUE(report.files[0].histogram) << report.files[0].error;
  ASSERT_EQ(report.files[0].histogram->rows.size(), 1u);
  EXPECT_EQ(report.files[0].histogram->rows[0].count, 10u);
  EXPECT_EQ(report.files[0].histogram->rows[0].state.pages[0][0].content, 'A');
  EXPECT_FALSE(report.files[1].histogram);
  EXPECT_NE(report.files[1].error, "");
  ASSERT_TRUE(report.files[2].histogram) << report.files[2].error;
  ASSERT_EQ(report.files[2].histogram->rows.size(), 1u);
  EXPECT_EQ(report.files[2].histogram->rows[0].state.threads[0].end, ThreadEnd::blocked);
}

INSTANTIATE_TEST_SUITE_P(Kernels, GuestTest, testing::ValuesIn(image_series()), [](const auto& test) {
  std::string name = "Linux_" + test.param;
  name[name.find('.')] = '_';
  return name;
});

TEST(GuestFailureTest, AKernelThatIsNoneIsReported) {
  const GuestReport report = run_in_guest({.image = UFFDSIM_KERNEL_RUNNER,
                                           .runner = UFFDSIM_KERNEL_RUNNER,
                                           .boot_patience = std::chrono::seconds(5)},
                                          {});
  EXPECT_NE(report.failure, "");
  EXPECT_TRUE(report.files.empty());
}

TEST(GuestFailureTest, AMissingRunnerIsReported) {
  const GuestReport report = run_in_guest({.image = "/nonexistent", .runner = "/nonexistent"}, {});
  EXPECT_EQ(report.failure, "cannot read /nonexistent");
}

}  // namespace
}  // namespace traces
