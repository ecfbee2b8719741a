// SPDX-License-Identifier: Apache-2.0
// Replay on a fake machine: the real samples without a divergence, and small recordings that do not fit.
#include "traces/replay/replay.hpp"

#include <gtest/gtest.h>

#include <string>

#include "traces/diff.hpp"
#include "traces/import/import.hpp"
#include "traces/replay/fake_machine.hpp"

namespace traces {
namespace {

using Kind = OperationKind;
using model::Errno;

constexpr std::uint64_t kBase = 0x7f0000000000;
constexpr std::uint64_t kPage = model::kPageSize;
constexpr std::uint32_t kMonitor = 100, kOther = 101, kApp = 200;

// A recording written down by hand: a userfaultfd 3 over four pages, then what a test adds.
class Story {
 public:
  Story() {
    recording_.file = "story";
    recording_.header = {.clock = Clock::realtime,
                         .recorded = recorded::kErrors | recorded::kFields | recorded::kMessageFlags};
    add(1, 1, {.thread = kMonitor, .kind = Kind::userfaultfd, .mode = O_NONBLOCK});
    add(2, 2, {.thread = kMonitor, .kind = Kind::api, .address = UFFD_API, .mode = UFFD_FEATURE_THREAD_ID});
    add(3, 3,
        {.thread = kMonitor, .kind = Kind::register_, .address = kBase, .length = 4 * kPage, .mode = 1});
  }
  Story& add(std::uint64_t begin, std::uint64_t end, Observation o) {
    o.clock = begin;
    o.duration = end - begin;
    o.uffd = o.kind == Kind::munmap || o.kind == Kind::load ? 0 : 3;
    if (o.value.kind == ValueKind::unset && o.moment == Moment::whole) o.value = Value::ok();
    o.origin = "story:" + std::to_string(recording_.observations.size() + 1);
    recording_.observations.push_back(o);
    return *this;
  }
  Story& fault(std::uint64_t begin, std::uint64_t end, std::uint64_t page, std::uint8_t flags = 0,
               std::uint32_t ptid = kApp) {
    return add(begin, end,
               {.thread = kMonitor,
                .ptid = ptid,
                .kind = Kind::read,
                .value = {.kind = ValueKind::message,
                          .event = UFFD_EVENT_PAGEFAULT,
                          .flags = flags,
                          .start = kBase + page * kPage}});
  }
  Story& copy(std::uint64_t begin, std::uint64_t end, std::uint64_t page, Value value = Value::ok(),
              std::uint32_t thread = kMonitor, std::uint64_t pages = 1) {
    return add(begin, end,
               {.thread = thread,
                .kind = Kind::copy,
                .address = kBase + page * kPage,
                .length = pages * kPage,
                .value = value});
  }
  const Recording& recording() const { return recording_; }
  Recording& recording() { return recording_; }

 private:
  Recording recording_;
};

ReplayReport replayed(const Recording& recording) {
  const auto plan = plan_replay(recording);
  EXPECT_TRUE(plan.has_value()) << to_text(plan.error());
  FakeMachine machine(plan->program);
  return replay(*plan, recording, machine);
}

std::string plan_error(const Recording& recording) {
  const auto plan = plan_replay(recording);
  return plan ? "no error" : to_text(plan.error());
}

void expect_in(const std::string& text, const std::string& part) {
  EXPECT_NE(text.find(part), std::string::npos) << text << "\n  lacks\n" << part;
}

Recording sample(const std::string& name) {
  auto recording = load_recording(std::string(TRACE_SAMPLES) + "/" + name);
  EXPECT_TRUE(recording.has_value()) << to_text(recording.error());
  return std::move(*recording);
}

Recording imported(ImportFormat format, const std::string& name) {
  Recording recording;
  recording.file = name;
  recording.header = import_header(format, name);
  auto lines = open_lines(std::string(TRACE_SAMPLES) + "/" + name);
  EXPECT_TRUE(lines.has_value());
  ImportSummary summary;
  const Sink sink = [&](const Observation& o) {
    recording.observations.push_back(o);
    return Expected<void>{};
  };
  const auto done = format == ImportFormat::strace ? import_strace(*lines, sink, summary)
                                                   : import_qemu(*lines, sink, summary);
  EXPECT_TRUE(done.has_value()) << to_text(done.error());
  return recording;
}

TEST(Replay, AQemuPostcopyUnderStraceHasNoDivergence) {
  const ReplayReport report = replayed(sample("qemu-postcopy.trace.zst"));
  EXPECT_EQ(report.divergence_count, 0u) << to_text(report);
  EXPECT_EQ(report.faults, 241u);
  EXPECT_EQ(report.performed_by_kind.at("copy"), 19'111u);
  EXPECT_EQ(report.performed_by_kind.at("zeropage"), 3'438u);
  EXPECT_EQ(report.performed_by_kind.at("register"), 8u);
  EXPECT_EQ(report.performed_by_kind.at("close"), 4u);
  EXPECT_TRUE(report.asleep.empty());
}

TEST(Replay, AQemuLogOfTwoProcessorsWithPreemptionHasNoDivergence) {
  const ReplayReport report = replayed(sample("qemu-postcopy-preempt.trace.zst"));
  EXPECT_EQ(report.divergence_count, 0u) << to_text(report);
  EXPECT_EQ(report.faults, 269u);
  EXPECT_EQ(report.exchanged, 30u) << "QEMU prints around its calls: order across threads is a guess";
}

TEST(Replay, TheExcerptsHaveNoDivergence) {
  EXPECT_EQ(replayed(imported(ImportFormat::strace, "qemu-postcopy-excerpt.strace")).divergence_count, 0u);
  EXPECT_EQ(replayed(imported(ImportFormat::qemu, "qemu-postcopy-excerpt.log")).divergence_count, 0u);
}

TEST(Replay, AFaultIsRaisedAndResolved) {
  Story story;
  story.fault(10, 11, 1, UFFD_PAGEFAULT_FLAG_WRITE).copy(12, 13, 1, Value::with_field(Errno::none, kPage));
  const ReplayReport report = replayed(story.recording());
  EXPECT_EQ(report.divergence_count, 0u) << to_text(report);
  EXPECT_EQ(report.faults, 1u);
  EXPECT_TRUE(report.asleep.empty());
}

TEST(Replay, AnswersThatDifferAreDivergences) {
  Story story;
  story.copy(10, 11, 0).copy(12, 13, 0);  // the second must be EEXIST
  const ReplayReport report = replayed(story.recording());
  ASSERT_EQ(report.divergence_count, 1u) << to_text(report);
  EXPECT_EQ(report.divergences[0].where, "story:5");
  EXPECT_EQ(report.divergences[0].recorded, "ok");
  EXPECT_EQ(report.divergences[0].answered, "EEXIST, field -17");
  expect_in(to_text(report), "story:5: t100: copy u3 r0[0]\n  recorded  ok\n  machine   EEXIST, field -17");
}

TEST(Replay, AnOutputFieldThatDiffersIsADivergence) {
  Story story;
  story.copy(10, 11, 0, Value::with_field(Errno::none, 2 * kPage));
  EXPECT_EQ(replayed(story.recording()).divergence_count, 1u);
}

TEST(Replay, APartialCopyIsComparedByItsField) {
  Story story;
  story.copy(10, 11, 1).copy(12, 13, 0, Value::with_field(Errno::again, kPage), kMonitor, 3);
  EXPECT_EQ(replayed(story.recording()).divergence_count, 0u);
}

TEST(Replay, MessageFlagsAreComparedOnlyWhereTheyWereRecorded) {
  Story story;
  story.fault(10, 11, 1, UFFD_PAGEFAULT_FLAG_WP);
  EXPECT_EQ(replayed(story.recording()).divergence_count, 1u);
  story.recording().header.recorded = recorded::kErrors;
  EXPECT_EQ(replayed(story.recording()).divergence_count, 0u);
}

TEST(Replay, AMessageForAFilledPageIsExchangedWithAnOverlappingCopy) {
  Story story;
  story.copy(10, 20, 1, Value::ok(), kOther).fault(15, 25, 1);
  const ReplayReport report = replayed(story.recording());
  EXPECT_EQ(report.divergence_count, 0u) << to_text(report);
  ASSERT_EQ(report.exchanged, 1u);
  EXPECT_EQ(report.exchanges[0], "story:5 before story:4");
}

TEST(Replay, AMessageForAPageThatWasFilledLongBeforeIsADivergence) {
  Story story;
  story.copy(10, 20, 1, Value::ok(), kOther).fault(21, 25, 1);
  const ReplayReport report = replayed(story.recording());
  ASSERT_EQ(report.divergence_count, 1u) << to_text(report);
  EXPECT_EQ(report.exchanged, 0u);
  expect_in(report.divergences[0].answered, "the access did not fault");
  expect_in(report.divergences[0].remark, "the page was filled at story:4");
}

TEST(Replay, AnOverlappingPairOfCopiesIsExchangedWhereTheirResultsSaySo) {
  Story story;
  story.copy(10, 20, 1, Value::of(Errno::exist), kOther).copy(15, 25, 1);
  const ReplayReport report = replayed(story.recording());
  EXPECT_EQ(report.divergence_count, 0u) << to_text(report);
  EXPECT_EQ(report.exchanged, 1u);
}

TEST(Replay, AThreadThatFaultsAgainWasLetGoByTheCopyThatEndedLater) {
  Story story;
  story.fault(10, 11, 1).fault(14, 18, 2).copy(12, 20, 1, Value::ok(), kOther).copy(21, 22, 2);
  const ReplayReport report = replayed(story.recording());
  EXPECT_EQ(report.divergence_count, 0u) << to_text(report);
  EXPECT_EQ(report.exchanged, 1u);
}

TEST(Replay, AThreadThatWasNeverLetGoCannotFaultElsewhere) {
  Story story;
  story.fault(10, 11, 1).fault(14, 18, 2);
  const ReplayReport report = replayed(story.recording());
  ASSERT_EQ(report.divergence_count, 1u);
  expect_in(report.divergences[0].remark, "t200 faulted at r0[1] before");
  ASSERT_EQ(report.asleep.size(), 1u);
}

TEST(Replay, AWakeWithoutAPageLetsTheThreadAskAgain) {
  Story story;
  story.fault(10, 11, 1)
      .add(12, 13, {.thread = kMonitor, .kind = Kind::wake, .address = kBase, .length = 4 * kPage})
      .fault(14, 15, 1)
      .copy(16, 17, 1);
  const ReplayReport report = replayed(story.recording());
  EXPECT_EQ(report.divergence_count, 0u) << to_text(report);
  EXPECT_EQ(report.faults, 1u);
}

TEST(Replay, ACopyThatDoesNotWakeLeavesItsThreadAsleepToTheEnd) {
  Story story;
  story.fault(10, 11, 1).add(12, 13,
                             {.thread = kMonitor,
                              .kind = Kind::copy,
                              .address = kBase + kPage,
                              .length = kPage,
                              .mode = UFFDIO_COPY_MODE_DONTWAKE});
  const ReplayReport report = replayed(story.recording());
  ASSERT_EQ(report.divergence_count, 1u);
  EXPECT_EQ(report.divergences[0].remark, "nobody woke the thread");
}

TEST(Replay, FaultsOfNobodyKnowsWhomAreRaisedByStrangers) {
  Story story;
  for (std::uint64_t page = 0; page < 4; ++page) story.fault(10 + page, 10 + page, page, 0, 0);
  for (std::uint64_t page = 0; page < 4; ++page) story.copy(20 + page, 20 + page, page);
  const ReplayReport report = replayed(story.recording());
  EXPECT_EQ(report.divergence_count, 0u) << to_text(report);
  EXPECT_EQ(report.faults, 4u);
}

TEST(Replay, WhatFaultingThreadsLoadIsChecked) {
  Story story;
  story.fault(10, 11, 1).copy(12, 13, 1);
  const auto plan = plan_replay(story.recording());
  ASSERT_TRUE(plan.has_value());
  class Forgetful : public FakeMachine {
   public:
    using FakeMachine::FakeMachine;
    std::optional<Value> take_result(std::size_t thread) override {
      const auto value = FakeMachine::take_result(thread);
      return value && value->kind == ValueKind::content ? std::optional(Value::letter('!')) : value;
    }
  };
  Forgetful machine(plan->program);
  const ReplayReport report = replay(*plan, story.recording(), machine);
  ASSERT_EQ(report.divergence_count, 1u);
  EXPECT_EQ(report.divergences[0].answered, "!");
  EXPECT_EQ(report.divergences[0].remark, "the page was filled at story:5");
}

TEST(Replay, FailedOperationsMayNameAddressesOutside) {
  Story story;
  story.add(10, 11,
            {.thread = kMonitor,
             .kind = Kind::copy,
             .address = 0x5000,
             .length = kPage,
             .value = Value::of(Errno::noent)});
  const auto plan = plan_replay(story.recording());
  ASSERT_TRUE(plan.has_value());
  ASSERT_EQ(plan->program.regions.size(), 2u);
  EXPECT_FALSE(plan->program.regions[1].mapped);
  EXPECT_EQ(replayed(story.recording()).divergence_count, 0u);
}

TEST(BadReplay, AnAddressOutsideAnyRegion) {
  Story copied;
  copied.add(10, 11, {.thread = kMonitor, .kind = Kind::copy, .address = 0x5000, .length = kPage});
  expect_in(plan_error(copied.recording()),
            "story:4: the address 0x5000 lies outside every region: nothing in the trace registers it, and "
            "yet copy succeeded there");
  Story faulted;
  faulted.fault(10, 11, 99);
  expect_in(plan_error(faulted.recording()),
            "story:4: the message's address 0x7f0000063000 lies outside every region");
}

TEST(BadReplay, SizesThatNoMachineHas) {
  Story copied;
  copied.add(
      4, 4, {.thread = kMonitor, .kind = Kind::register_, .address = kBase, .length = 1ull << 39, .mode = 1});
  copied.copy(10, 11, 0, Value::ok(), kMonitor, 1ull << 27);
  expect_in(plan_error(copied.recording()), "story:5: 549755813888 bytes in one copy are too many to replay");
  Story registered;
  registered.add(
      4, 4, {.thread = kMonitor, .kind = Kind::register_, .address = kBase, .length = 1ull << 60, .mode = 1});
  expect_in(plan_error(registered.recording()),
            "story:4: the region 0x7f0000000000..0x10007f0000000000 lies outside");
}

TEST(BadReplay, AUserfaultfdThatNobodyOpened) {
  Recording recording;
  recording.observations.push_back(
      {.thread = 1, .uffd = 12, .kind = Kind::wake, .value = Value::ok(), .origin = "r:2"});
  expect_in(plan_error(recording),
            "r:2: userfaultfd 12 is used, but the trace does not show where it was opened");
}

TEST(BadReplay, TooManyThreads) {
  Story story;
  for (std::uint32_t i = 0; i < 200; ++i) story.fault(10 + i, 10 + i, 1, 0, 1000 + i);
  expect_in(plan_error(story.recording()),
            "the trace has too many threads to replay: 201 of them; at most 8 fit");
}

TEST(Replay, WhatCannotBeReplayedIsCounted) {
  Story story;
  story.add(10, 11,
            {.thread = kMonitor, .kind = Kind::poll, .value = {.kind = ValueKind::events, .small = 1}});
  story.add(12, 12, {.thread = kMonitor, .moment = Moment::enter, .kind = Kind::read});
  const ReplayReport report = replayed(story.recording());
  EXPECT_EQ(report.not_replayed.at("poll"), 1u);
  EXPECT_EQ(report.not_replayed.at("never returned"), 1u);
  EXPECT_EQ(report.divergence_count, 0u);
}

}  // namespace
}  // namespace traces
