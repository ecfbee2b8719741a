// SPDX-License-Identifier: Apache-2.0
// Boots the images that are in the cache; fetches none.
#include "traces/kernel/guest.hpp"

#include <gtest/gtest.h>

#include "traces/kernel/image.hpp"
#include "traces/kernel/job.hpp"
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
  std::vector<FileReport> files;
  const auto take = [&](const std::string& report) {
    files.push_back(file_report_from_json(report));
    return true;
  };
  const GuestEnd end =
      run_in_guest({.image = *image, .runner = UFFDSIM_KERNEL_RUNNER}, to_json_text(job), take);
  ASSERT_EQ(end.failure, "");
  EXPECT_EQ(modelled_kernel(end.kernel), GetParam());
  ASSERT_EQ(files.size(), 3u);
  ASSERT_TRUE(files[0].histogram) << files[0].error;
  ASSERT_EQ(files[0].histogram->rows.size(), 1u);
  EXPECT_EQ(files[0].histogram->rows[0].count, 10u);
  EXPECT_EQ(files[0].histogram->rows[0].state.pages[0][0].content, 'A');
  EXPECT_FALSE(files[1].histogram);
  EXPECT_NE(files[1].error, "");
  ASSERT_TRUE(files[2].histogram) << files[2].error;
  ASSERT_EQ(files[2].histogram->rows.size(), 1u);
  EXPECT_EQ(files[2].histogram->rows[0].state.threads[0].end, ThreadEnd::blocked);
}

INSTANTIATE_TEST_SUITE_P(Kernels, GuestTest, testing::ValuesIn(image_series()), [](const auto& test) {
  std::string name = "Linux_" + test.param;
  name[name.find('.')] = '_';
  return name;
});

TEST_P(GuestTest, EndsWhenItIsToldTo) {
  const auto image = fetch_image(GetParam(), Fetch::never);
  if (!image) GTEST_SKIP() << image.error();
  Job job;
  job.files = {{"wrong", "litmus\n"}, {"wrong too", "litmus\n"}};
  int reports = 0;
  const auto take = [&](const std::string&) {
    ++reports;
    return false;
  };
  const GuestEnd end =
      run_in_guest({.image = *image, .runner = UFFDSIM_KERNEL_RUNNER}, to_json_text(job), take);
  EXPECT_EQ(end.failure, "stopped");
  EXPECT_EQ(reports, 1);
}

bool refused(const std::string&) { return false; }

TEST(GuestFailureTest, AKernelThatIsNoneIsReported) {
  const GuestEnd end = run_in_guest({.image = UFFDSIM_KERNEL_RUNNER,
                                     .runner = UFFDSIM_KERNEL_RUNNER,
                                     .boot_patience = std::chrono::seconds(5)},
                                    "", refused);
  EXPECT_NE(end.failure, "");
  EXPECT_EQ(end.kernel, "");
}

TEST(GuestFailureTest, AMissingRunnerIsReported) {
  const GuestEnd end = run_in_guest({.image = "/nonexistent", .runner = "/nonexistent"}, "", refused);
  EXPECT_EQ(end.failure, "cannot read /nonexistent");
}

}  // namespace
}  // namespace traces
