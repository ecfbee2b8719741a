// SPDX-License-Identifier: Apache-2.0
#include "proptests/fuzz.hpp"

#include <gtest/gtest.h>

#include "proptests/fuzz_crew.hpp"
#include "traces/kernel/availability.hpp"

namespace proptests {
namespace {

FuzzReport sample_report() {
  FuzzReport report;
  report.programs = 3;
  report.whole = 2;
  report.tally = Tally({{"copy", {{"ok", 4}, {"EEXIST", 1}}}}, 5);
  report.divergences = {{7, "two\nlines"}};
  return report;
}

TEST(Fuzz, AJobIsOneLine) {
  const FuzzJob job{
      .seed = 9, .first = 4, .end = 400, .threads = FuzzJob::Threads::two, .crew = 3, .member = 1};
  const std::string line = to_json_text(job);
  EXPECT_EQ(line.find('\n'), std::string::npos);
  EXPECT_EQ(to_json_text(fuzz_job_from_json(line)), line);
  EXPECT_THROW(fuzz_job_from_json("{}"), std::exception);
}

TEST(Fuzz, AReportIsOneLine) {
  const std::string line = to_json_text(sample_report());
  EXPECT_EQ(line.find('\n'), std::string::npos);
  EXPECT_EQ(to_json_text(fuzz_report_from_json(line)), line);
  EXPECT_THROW(fuzz_report_from_json("[]"), std::exception);
}

TEST(Fuzz, ReportsAddUp) {
  FuzzReport all = sample_report();
  FuzzReport more = sample_report();
  more.divergences = {{2, "another"}};
  all.add(more);
  EXPECT_EQ(all.programs, 6u);
  EXPECT_EQ(all.tally.operations(), 10u);
  EXPECT_EQ(all.tally.answers().at("copy").at("ok"), 8u);
  ASSERT_EQ(all.divergences.size(), 2u);
  EXPECT_EQ(all.divergences.begin()->first, 2u);
}

TEST(Fuzz, EveryOtherProgramHasTwoThreadsByTurns) {
  const FuzzJob job;
  EXPECT_EQ(job.threads_of(0), 1u);
  EXPECT_EQ(job.threads_of(1), 2u);
}

// What is left of a report when the members' order does not matter.
struct Sum {
  std::string failure;
  FuzzReport all;
};

Sum fuzz_with(std::uint64_t members) {
  Sum sum;
  FuzzCrew crew({.seed = 5, .first = 100, .end = 100 + 3 * FuzzJob::kBatch + 1}, members);
  sum.failure = crew.wait([&](const FuzzReport* report) {
    if (report) sum.all.add(*report);
    return true;
  });
  return sum;
}

TEST(FuzzCrew, DoesTheSameWhateverItsSize) {
  if (const auto why = traces::why_no_userfaultfd()) GTEST_SKIP() << *why;
  const Sum one = fuzz_with(1);
  const Sum three = fuzz_with(3);
  EXPECT_EQ(one.failure, "");
  EXPECT_EQ(three.failure, "");
  EXPECT_EQ(one.all.programs, 3 * FuzzJob::kBatch + 1);
  EXPECT_EQ(to_json_text(one.all), to_json_text(three.all));
}

TEST(FuzzCrew, EndsWhenItIsToldTo) {
  if (const auto why = traces::why_no_userfaultfd()) GTEST_SKIP() << *why;
  FuzzCrew crew({.end = 1'000'000'000}, 2);
  EXPECT_EQ(crew.wait([](const FuzzReport* report) { return report == nullptr; }), "stopped");
}

}  // namespace
}  // namespace proptests
