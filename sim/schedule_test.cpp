// SPDX-License-Identifier: Apache-2.0
#include "sim/schedule.hpp"

#include <gtest/gtest.h>

#include "sim/replay.hpp"
#include "sim/toys_for_test.hpp"

namespace sim {
namespace {

using toys::Spinner;
using toys::Toy;
using toys::TwoLocks;

Schedule parsed(const std::string& text) { return parse_schedule(text).value(); }

std::string misfit(const Subject& subject, const std::string& schedule) {
  Arena arena(subject.arena_size());
  const auto replayed = replay(subject, parsed(schedule), arena);
  return replayed ? "fits" : to_text(replayed.error());
}

TEST(Schedule, IsReadAsItIsPrinted) {
  const std::string text = "reader:3 monitor:1 tlb=1 what-else=0 monitor:2";
  const Schedule schedule = parsed(text);
  EXPECT_EQ(to_text(schedule), text);
  EXPECT_EQ(schedule.length(), 8u);
  EXPECT_EQ(parsed("  reader:3\tmonitor:1\n tlb=1 what-else=0 monitor:2 "), schedule);
  EXPECT_EQ(parsed("").choices.size(), 0u);
}

TEST(Schedule, SaysWhichChoiceItCannotRead) {
  const std::string expected = "; expected THREAD:STEPS or QUESTION=ANSWER";
  const auto error = [](const char* text) { return parse_schedule(text).error(); };
  EXPECT_EQ(error("a:1 monitor"), "choice 2 of the schedule, 'monitor': no ':' and no '='" + expected);
  EXPECT_EQ(error(":3"), "choice 1 of the schedule, ':3': no name" + expected);
  EXPECT_EQ(error("a:"), "choice 1 of the schedule, 'a:': not a number at its end" + expected);
  EXPECT_EQ(error("a:1x"), "choice 1 of the schedule, 'a:1x': not a number at its end" + expected);
  EXPECT_EQ(error("a:-1"), "choice 1 of the schedule, 'a:-1': not a number at its end" + expected);
  EXPECT_EQ(error("a:0"), "choice 1 of the schedule, 'a:0': no steps" + expected);
  EXPECT_EQ(error("a:99999999999"),
            "choice 1 of the schedule, 'a:99999999999': the number is too large" + expected);
}

TEST(Schedule, TellsMovesByName) {
  const Toy<Spinner> toy({.asks = Spinner::Asks::whether_to_give_up});
  const Move spin{Move::Kind::run, 0, 0};
  const Move act{Move::Kind::run, 1, 0};
  const std::vector<Move> moves{spin, spin, {Move::Kind::answer, 0, 0}, act, act, spin};
  const Schedule schedule = told(toy, moves);
  EXPECT_EQ(to_text(schedule), "spinner:2 give-up=0 other:2 spinner:1");
  Arena arena(toy.arena_size());
  EXPECT_EQ(replay(toy, schedule, arena), Condition::finished);
  const std::uint64_t by_name = arena.hash();
  replay(toy, moves, arena);
  EXPECT_EQ(arena.hash(), by_name);
}

TEST(Replay, MayStopAnywhere) {
  const Toy<TwoLocks> toy;
  Arena arena(toy.arena_size());
  EXPECT_EQ(replay(toy, parsed("forward:2 backward:1"), arena), Condition::running);
  EXPECT_EQ(replay(toy, parsed("forward:2 backward:2"), arena), Condition::blocked);
  EXPECT_EQ(replay(toy, parsed("forward:3 backward:3"), arena), Condition::finished);
}

TEST(Replay, SaysWhereAScheduleDoesNotFit) {
  const Toy<TwoLocks> locks;
  EXPECT_EQ(misfit(locks, "forward:2 writer:1"),
            "the schedule does not fit at choice 2, 'writer:1': there is no thread writer; possible there: "
            "forward:1 backward:1");
  EXPECT_EQ(misfit(locks, "forward:2 backward:3"),
            "the schedule does not fit at choice 2, 'backward:3': backward waits for lock A, held by forward "
            "(at step "
            "3 of 3); possible there: nothing");
  EXPECT_EQ(misfit(locks, "forward:2 backward:1 backward:1 forward:1"),
            "the schedule does not fit at choice 4, 'forward:1': forward waits for lock B, held by backward; "
            "possible "
            "there: nothing");
  EXPECT_EQ(
      misfit(locks, "forward:3 forward:1"),
      "the schedule does not fit at choice 2, 'forward:1': forward has finished; possible there: backward:1");
  EXPECT_EQ(
      misfit(locks, "forward:3 backward:3 forward:1"),
      "the schedule does not fit at choice 3, 'forward:1': forward has finished; possible there: nothing");
  const Toy<Spinner> asks({.asks = Spinner::Asks::whether_to_give_up});
  EXPECT_EQ(misfit(asks, "spinner:2 spinner:1"),
            "the schedule does not fit at choice 2, 'spinner:1': the question give-up waits for an answer; "
            "possible "
            "there: give-up=0 give-up=1");
  EXPECT_EQ(
      misfit(asks, "spinner:2 give-up=2"),
      "the schedule does not fit at choice 2, 'give-up=2': the answers are 0 to 1; possible there: give-up=0 "
      "give-up=1");
  EXPECT_EQ(misfit(asks, "spinner:2 tlb=1"),
            "the schedule does not fit at choice 2, 'tlb=1': the question here is give-up; possible there: "
            "give-up=0 "
            "give-up=1");
  EXPECT_EQ(misfit(asks, "spinner:1 give-up=1"),
            "the schedule does not fit at choice 2, 'give-up=1': no question is asked here; possible there: "
            "spinner:1 "
            "other:1");
}

}  // namespace
}  // namespace sim
