// SPDX-License-Identifier: Apache-2.0
// uffdsim show, run as people run it.
#include <nlohmann/json.hpp>
#include <sstream>

#include "scenarios/cli/command_for_test.hpp"
#include "scenarios/cli/terminal.hpp"

namespace cli {
namespace {

using Json = nlohmann::json;

class ShowTest : public CommandTest {
 protected:
  Json json_of(const std::string& arguments) const {
    const Ran ran = run(arguments + " --json");
    EXPECT_EQ(ran.status, 0) << arguments << "\n" << ran.err;
    return ran.status == 0 ? Json::parse(ran.out) : Json();
  }
  void refuses(const std::string& arguments, const std::string& about) const {
    const Ran ran = run(arguments);
    EXPECT_EQ(ran.status, 2) << arguments;
    EXPECT_EQ(ran.out, "") << arguments;
    EXPECT_NE(ran.err.find(about), std::string::npos) << arguments << "\n" << ran.err;
  }
};

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::string corpus(const std::string& file) { return UFFDSIM_CORPUS "/" + file; }

TEST_F(ShowTest, DrawsAPassingOutcomeToo) {
  write("a.litmus", missing_copy());
  const Ran ran = run("show a.litmus --outcome \"'B' blocked ok 'B'\"");
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_TRUE(has(ran.out, "│ reader")) << ran.out;
  EXPECT_TRUE(has(ran.out, "f = read")) << ran.out;
  EXPECT_TRUE(
      has(ran.out, "Nothing can happen any more:\n  monitor sleeps: there is nothing to read from uffd\n"))
      << ran.out;
  EXPECT_TRUE(has(ran.out, "userfaultfd_read ")) << ran.out;
  EXPECT_TRUE(has(ran.out, "0 preemptions: no run with this outcome has fewer")) << ran.out;
  EXPECT_TRUE(has(ran.out, "In words:\n   1. ")) << ran.out;
  EXPECT_FALSE(has(ran.out, "lost wakeup")) << ran.out;
}

TEST_F(ShowTest, NamesALostWakeupAndTheWakeThatWasMissed) {
  write("a.litmus", missing_copy());
  const Json json = json_of("show a.litmus --where 'reader blocked' --defect no-recheck-before-sleep");
  ASSERT_FALSE(json["stuck"].empty());
  const Json& reader = json["stuck"][0];
  EXPECT_EQ(reader["thread"], "reader");
  const std::string missed = reader["lost_wakeup"];
  EXPECT_TRUE(has(missed, "a lost wakeup: x is 'B' since step ")) << missed;
  EXPECT_TRUE(has(missed, "by prefetcher's `r2 = copy x 'B'`")) << missed;
  EXPECT_TRUE(has(missed, "reader queued its fault")) << missed;
  // Everybody who could have woken it, and what became of that.
  std::map<std::string, std::string> became;
  for (const Json& rescue : reader["could_have_ended_it"]) became[rescue["operation"]] = rescue["became"];
  EXPECT_TRUE(has(became["r2 = copy x 'B'"], "returned ok at step ")) << reader;
  EXPECT_TRUE(has(became["r1 = copy f 'A'"], "EEXIST")) << reader;
}

TEST_F(ShowTest, TheTwoStepsWhoseOrderDecidesAreOfTwoThreadsAndProven) {
  write("a.litmus", missing_copy());
  const std::string arguments = "show a.litmus --where 'reader blocked' --defect no-recheck-before-sleep";
  const Json json = json_of(arguments);
  const Json& pair = json["decisive"];
  ASSERT_TRUE(pair.is_object());
  EXPECT_EQ(pair["proven"], true);
  const std::size_t first = pair["first"], second = pair["second"];
  EXPECT_LT(first, second);
  EXPECT_NE(json["steps"][first - 1]["thread"], json["steps"][second - 1]["thread"]);
  const Ran text = run(arguments);
  EXPECT_TRUE(has(text.out, "★ The order of two steps decides: ")) << text.out;
  EXPECT_TRUE(has(text.out, "The other way round this outcome cannot")) << text.out;
}

TEST_F(ShowTest, ThreeThreadsFitIn110Columns) {
  for (const std::string& arguments :
       {corpus("missing/missing-copy.litmus") + " --where 'reader blocked' --defect no-recheck-before-sleep",
        corpus("monitors/b01-copy-spins-on-unread-remove.litmus") + " --where 'monitor spins'",
        corpus("missing/missing-copy.litmus") + " --outcome \"'A' ok EEXIST 'A'\" --steps",
        corpus("missing/missing-copy.litmus") +
            " --outcome \"'A' ok EEXIST 'A'\" --against \"'B' EEXIST ok 'B'\""}) {
    const Ran ran = run("show " + arguments);
    EXPECT_EQ(ran.status, 0) << ran.err;
    std::istringstream lines(ran.out.substr(0, ran.out.find("The same again:")));
    for (std::string line; std::getline(lines, line);) EXPECT_LE(width_of(line), 110u) << line;
  }
}

TEST_F(ShowTest, ALivelockSaysWhichLoop) {
  const std::string file = corpus("monitors/b01-copy-spins-on-unread-remove.litmus");
  const Json json = json_of("show " + file + " --where 'monitor spins'");
  std::string loop, balloon;
  for (const Json& stuck : json["stuck"]) {
    if (stuck["thread"] == "monitor") loop = stuck["loop"];
    if (stuck["thread"] == "balloon") balloon = stuck["could_have_ended_it"].dump();
  }
  EXPECT_TRUE(has(loop, "goes round in `repeat … until c is not EAGAIN` (lines ")) << loop;
  EXPECT_TRUE(has(loop, "c = copy e 'A' → EAGAIN")) << loop;
  EXPECT_TRUE(has(balloon, "e = read")) << balloon;
  // Pasted back, it is seen to go round again.
  const Ran pasted = run("show " + file + " --schedule '" + std::string(json["schedule"]) + "'");
  EXPECT_TRUE(has(pasted.out, "… and so on for ever.")) << pasted.out << pasted.err;
}

TEST_F(ShowTest, PutsTwoRunsSideBySideFromWhereTheyPart) {
  write("a.litmus", missing_copy());
  const std::string arguments =
      "show a.litmus --outcome \"'A' ok EEXIST 'A'\" --against \"'B' EEXIST ok 'B'\"";
  const Json json = json_of(arguments);
  const std::size_t shared = json["shared"];
  ASSERT_GT(shared, 0u);
  ASSERT_LT(shared, json["left"]["steps"].size());
  for (std::size_t i = 0; i < shared; ++i) EXPECT_EQ(json["left"]["steps"][i], json["right"]["steps"][i]);
  EXPECT_NE(json["left"]["steps"][shared]["thread"], json["right"]["steps"][shared]["thread"]);
  const Ran text = run(arguments);
  EXPECT_TRUE(has(text.out, "Here they part")) << text.out;
  EXPECT_TRUE(has(text.out, "'A' ok EEXIST 'A'")) << text.out;
  EXPECT_TRUE(has(text.out, "│ 'B' EEXIST ok 'B'")) << text.out;
  refuses("show a.litmus --outcome \"'A' ok EEXIST 'A'\" --against \"reader.r0 'A'\"",
          "is what is shown already");
  refuses("show a.litmus --outcome \"'A' ok EEXIST 'A'\" --against \"x 'Z'\"",
          "no outcome of a.litmus on 6.18 is like that");
}

TEST_F(ShowTest, WithoutAChoiceShowsWhatFails) {
  write("a.litmus", std::string("litmus a\n") + kProgram + "never monitor blocked\n");
  const Ran ran = run("show a.litmus");
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_TRUE(has(ran.out, "  monitor sleeps: there is nothing to read")) << ran.out;
}

TEST_F(ShowTest, MinimisesTheProgramToWhatTheOutcomeNeeds) {
  write("a.litmus", missing_copy());
  const std::string arguments =
      "show a.litmus --where 'reader blocked' --defect no-recheck-before-sleep --minimise";
  const Json json = json_of(arguments);
  const Json& small = json["minimised"];
  EXPECT_EQ(small["finished"], true);
  EXPECT_EQ(small["operations"], 2) << small["litmus"];
  EXPECT_EQ(small["left_out"][0], "thread monitor");
  EXPECT_TRUE(has(json["stuck"][0]["lost_wakeup"], "a lost wakeup")) << json["stuck"];
  // What is left is a file that says so, and only of the defect.
  EXPECT_EQ(run(arguments + " --save small.litmus").status, 0);
  EXPECT_EQ(run("show small.litmus --defect no-recheck-before-sleep --where 'reader blocked'").status, 0);
  EXPECT_EQ(run("explore small.litmus").status, 1) << "a healthy kernel never loses the wake-up";
}

TEST_F(ShowTest, MinimisingIsBoundedAndDeterministic) {
  write("a.litmus", missing_copy());
  const std::string arguments =
      "show a.litmus --where 'reader blocked' --defect no-recheck-before-sleep --minimise";
  const Ran few = run(arguments + " --explorations 2");
  EXPECT_EQ(few.status, 0) << few.err;
  EXPECT_TRUE(has(few.out, "which are used up (--explorations)")) << few.out;
  EXPECT_EQ(run(arguments + " --jobs 1").out, run(arguments + " --jobs 2").out);
}

TEST_F(ShowTest, WhatItPrintsCanBePastedBack) {
  write("a.litmus", missing_copy());
  const Ran first = run("show a.litmus --outcome \"blocked EEXIST ok 'B'\" --defect no-recheck-before-sleep");
  ASSERT_EQ(first.status, 0) << first.err;
  const std::size_t command = first.out.find("uffdsim show") + 8;
  const Ran again = run(first.out.substr(command, first.out.find('\n', command) - command));
  EXPECT_EQ(again.status, 0) << again.err;
  // The same from the timeline on.
  const auto from_table = [](const std::string& text) { return text.substr(text.find("│ reader")); };
  EXPECT_EQ(from_table(again.out), from_table(first.out));
}

TEST_F(ShowTest, JsonHasEveryStep) {
  write("a.litmus", missing_copy());
  const Json json = json_of("show a.litmus --outcome \"'A' ok EEXIST 'A'\"");
  EXPECT_EQ(json["end"]["condition"], "finished");
  EXPECT_GT(json["steps"].size(), 10u);
  EXPECT_EQ(json["setting"][0], "x missing");
  EXPECT_FALSE(json["sentences"].empty());
}

TEST_F(ShowTest, AScheduleThatDoesNotFitSaysWhereAndWhatWasPossible) {
  write("a.litmus", missing_copy());
  const Ran ran = run("show a.litmus --schedule 'reader:2 nobody:1'");
  EXPECT_EQ(ran.status, 2);
  EXPECT_EQ(ran.err,
            "uffdsim: the schedule does not fit at choice 2, 'nobody:1': there is no thread nobody; possible "
            "there: "
            "reader:1 monitor:1 prefetcher:1\n");
  refuses("show a.litmus --schedule 'reader'", "--schedule: choice 1 of the schedule, 'reader'");
}

TEST_F(ShowTest, AStampedScheduleIsRefusedWhenItNoLongerFits) {
  write("a.litmus", missing_copy());
  std::string schedule = json_of("show a.litmus --outcome \"'A' ok EEXIST 'A'\"")["schedule"];
  EXPECT_EQ(schedule.substr(0, 8), "v1/6.18/");
  write("b.litmus", missing_copy() + "# a remark changes nothing\n");
  EXPECT_EQ(run("show b.litmus --schedule '" + schedule + "'").status, 0);
  // Another program of the same threads.
  std::string other = missing_copy();
  other.replace(other.find("copy f 'A'"), 10, "copy x 'A'");
  write("c.litmus", other);
  refuses("show c.litmus --schedule '" + schedule + "'", "it was made for another program");
  refuses("show a.litmus --kernel 6.1 --schedule '" + schedule + "'",
          "made with 6.18, and --kernel asks for 6.1");
  refuses("show a.litmus --defect refile-unseen --schedule '" + schedule + "'", "made without a defect");
  // Another run than the stamp says: as if the model had changed.
  std::string stale = schedule;
  stale[18] = stale[18] == '0' ? '1' : '0';
  refuses("show a.litmus --schedule '" + stale + "'", "the model has changed since it was made");
  refuses("show a.litmus --schedule 'v2/6.18/0/0 reader:1'", "of a format that is not known here");
  refuses("show a.litmus --schedule 'v1/6.18/zz reader:1'", "cannot be read");
  refuses("show a.litmus --schedule 'v1/6.2/0/0 reader:1'", "unknown kernel '6.2'");
}

TEST_F(ShowTest, ASavedRunIsShownAgain) {
  write("files/a.litmus", missing_copy());
  EXPECT_EQ(run("show files/a.litmus --outcome \"'A' ok EEXIST 'A'\" --save a.schedule").status, 0);
  EXPECT_TRUE(
      has(read("a.schedule"), "litmus   files/a.litmus\noutcome  'A' ok EEXIST 'A'\nschedule v1/6.18/"))
      << read("a.schedule");
  const Ran again = run("show a.schedule");
  EXPECT_EQ(again.status, 0) << again.err;
  EXPECT_TRUE(has(again.out, ": 'A' ok EEXIST 'A'\n")) << again.out;
  refuses("show a.schedule --outcome x", "says itself what is shown");
  write("b.schedule", "litmus files/a.litmus\nshedule reader:1\n");
  refuses("show b.schedule", "b.schedule:2: unknown word 'shedule'");
  write("c.schedule", "# nothing\n");
  refuses("show c.schedule", "c.schedule:1: no line `litmus FILE`");
  write("d.schedule", "litmus gone.litmus\nschedule reader:1\n");
  refuses("show d.schedule", "gone.litmus: no such file");
  refuses("show e.schedule", "e.schedule: no such file");
}

// Old runs stay what they were. One that the model refuses now is to be made again, knowingly:
// uffdsim show FILE --outcome ROW --save SCHEDULE.
TEST_F(ShowTest, TheSchedulesInTheRepositoryFit) {
  int count = 0;
  for (const fs::directory_entry& entry : fs::directory_iterator(UFFDSIM_CORPUS "/../schedules")) {
    if (entry.path().extension() != ".schedule") continue;
    ++count;
    std::ifstream in(entry.path());
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    const std::size_t row = text.find("outcome  ") + 9;
    const Ran ran = run("show " + entry.path().string());
    EXPECT_EQ(ran.status, 0) << entry.path() << ran.err;
    EXPECT_TRUE(has(ran.out, ": " + text.substr(row, text.find('\n', row) - row) + "\n"))
        << entry.path() << ran.out;
  }
  EXPECT_GE(count, 4);
}

TEST_F(ShowTest, AnOutcomeThatIsNoneListsThoseThatAre) {
  write("a.litmus", missing_copy());
  refuses("show a.litmus --outcome \"'C' ok ok 'C'\"",
          "no outcome of a.litmus on 6.18 is like that; there are:\n  'A' ok EEXIST 'A'");
  refuses("show a.litmus --outcome ok",
          "expected 4 words, one each for reader.r0 monitor.r1 prefetcher.r2 x; there is 1");
  refuses("show a.litmus --where 'raeder blocked'", "did you mean `reader`?");
}

}  // namespace
}  // namespace cli
