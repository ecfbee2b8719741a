// SPDX-License-Identifier: Apache-2.0
#include "traces/diff.hpp"

#include <gtest/gtest.h>

#include "model/uffd/abi.hpp"

namespace traces {
namespace {

using Kind = OperationKind;

Recording story(std::uint64_t base, std::uint32_t first_thread) {
  const auto at = [&](std::uint64_t page) { return base + page * model::kPageSize; };
  Recording r;
  const std::uint32_t monitor = first_thread, app = first_thread + 1;
  r.observations = {
      {.thread = monitor,
       .uffd = 5,
       .kind = Kind::register_,
       .address = base,
       .length = 0x4000,
       .mode = 1,
       .value = Value::ok()},
      {.thread = monitor,
       .uffd = 5,
       .ptid = app,
       .kind = Kind::read,
       .value = {.kind = ValueKind::message, .event = UFFD_EVENT_PAGEFAULT, .start = at(1)}},
      {.thread = monitor,
       .uffd = 5,
       .kind = Kind::copy,
       .address = at(1),
       .length = 0x1000,
       .source = base / 2,
       .value = Value::with_field(model::Errno::none, 0x1000)},
      {.thread = app, .kind = Kind::munmap, .address = at(3), .length = 0x1000, .value = Value::ok()},
  };
  for (std::size_t i = 0; i < r.observations.size(); ++i) {
    r.observations[i].clock = base + i;
    r.observations[i].origin = "f:" + std::to_string(i + 2);
  }
  return r;
}

TEST(Diff, RecordingsOfOneRunAtOtherAddressesAreEqual) {
  const DiffReport report = diff(story(0x10000, 7), story(0x7f0000000000, 4000));
  EXPECT_TRUE(report.equal()) << to_text(report);
  EXPECT_EQ(to_text(report), "equal: 4 observations, thread by thread\n");
}

TEST(Diff, OrderAcrossThreadsDoesNotMatter) {
  Recording moved = story(0x10000, 7);
  std::swap(moved.observations[2], moved.observations[3]);
  EXPECT_TRUE(diff(story(0x10000, 7), moved).equal());
}

TEST(Diff, TheFirstDifferenceOfAThreadIsExplained) {
  Recording other = story(0x20000, 70);
  other.observations[2].value = Value::with_field(model::Errno::exist, -17);
  const DiffReport report = diff(story(0x10000, 7), other);
  ASSERT_EQ(report.differences.size(), 1u);
  EXPECT_EQ(to_text(report),
            "1 differences; 3 observations agree\n"
            "thread 7 / 70, number 3: the result differs\n"
            "  left   f:4: copy r0+0x1000 length 0x1000 = ok, field 4096\n"
            "  right  f:4: copy r0+0x1000 length 0x1000 = EEXIST, field -17\n");
}

TEST(Diff, AnotherPageAnotherThreadAndAnEarlyEndDiffer) {
  Recording page = story(0x20000, 70);
  page.observations[1].value.start += 0x1000;
  EXPECT_EQ(diff(story(0x10000, 7), page).differences.at(0).what, "the result differs");
  Recording address = story(0x20000, 70);
  address.observations[2].address += 0x1000;
  EXPECT_EQ(diff(story(0x10000, 7), address).differences.at(0).what, "the address differs");
  Recording thread = story(0x20000, 70);
  thread.observations[1].ptid = 70;
  EXPECT_FALSE(diff(story(0x10000, 7), thread).equal());
  Recording shorter = story(0x20000, 70);
  shorter.observations.pop_back();
  const DiffReport report = diff(story(0x10000, 7), shorter);
  ASSERT_EQ(report.differences.size(), 1u);
  EXPECT_EQ(report.differences[0].what, "one goes on");
  EXPECT_EQ(report.differences[0].right, "nothing more");
}

TEST(Diff, RegionsOfOtherSizesDiffer) {
  Recording bigger = story(0x20000, 70);
  bigger.observations[0].length = 0x8000;
  EXPECT_EQ(diff(story(0x10000, 7), bigger).differences.at(0).what, "the size differs");
}

}  // namespace
}  // namespace traces
