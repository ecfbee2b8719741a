// SPDX-License-Identifier: Apache-2.0
// The command itself, run as people run it: what it prints, and its exit status.
#include <nlohmann/json.hpp>

#include "scenarios/cli/command_for_test.hpp"

namespace cli {
namespace {

TEST_F(CommandTest, ExploreShowsTheTable) {
  write("a.litmus", missing_copy());
  const Ran ran = run("explore a.litmus");
  EXPECT_EQ(ran.status, 0);
  EXPECT_EQ(ran.err, "");
  // Counts of worlds differ between compilers, and are not looked at here.
  EXPECT_NE(ran.out.find("missing-copy on the model of Linux 6.18\n\n"
                         "    reader.r0  monitor.r1  prefetcher.r2  x    worlds  ended\n"
                         " ✓  'A'        ok          EEXIST         'A'"),
            std::string::npos)
      << ran.out;
  EXPECT_NE(ran.out.find("  monitor blocked\n\n ✓  never reader blocked\n\n3 outcomes, none unexpected\n"), std::string::npos)
      << ran.out;
  EXPECT_NE(ran.out.find("to see one happen: uffdsim show a.litmus --outcome \"'B' blocked ok 'B'\""), std::string::npos)
      << ran.out;
}

TEST_F(CommandTest, ExploreSaysTheSameWithAnyNumberOfWorkers) {
  write("a.litmus", missing_copy());
  const Ran one = run("explore a.litmus --jobs 1 --json");
  const Ran two = run("explore a.litmus --jobs 2 --json");
  EXPECT_EQ(one.status, 0);
  EXPECT_EQ(one.out, two.out);
}

TEST_F(CommandTest, ExploreJsonSaysWhatTheTextSays) {
  write("a.litmus", missing_copy());
  const Ran ran = run("explore a.litmus --json");
  const auto json = nlohmann::json::parse(ran.out);
  EXPECT_EQ(json["holds"], true);
  EXPECT_EQ(json["complete"], true);
  EXPECT_EQ(json["kernel"], "6.18");
  ASSERT_EQ(json["outcomes"].size(), 3u);
  EXPECT_EQ(json["outcomes"][2]["row"][1], "blocked");
  EXPECT_EQ(json["outcomes"][2]["ended"], "monitor blocked");
  EXPECT_EQ(json["claims"][0]["truth"], "holds");
}

TEST_F(CommandTest, ExploreFindsWhatTheTableLacks) {
  write("a.litmus", std::string("litmus a\n") + kProgram +
                        "outcomes  reader.r0\n          'A'\n          'Z'\nnever     x 'B'\n");
  const Ran ran = run("explore a.litmus");
  EXPECT_EQ(ran.status, 1);
  EXPECT_NE(ran.out.find("not in the file's table"), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find("never reached (line "), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find(" ✗  never x 'B'   but: "), std::string::npos) << ran.out;
}

TEST_F(CommandTest, ExploreWithADefectShowsWhatIsNew) {
  write("a.litmus", missing_copy());
  const Ran ran = run("explore a.litmus --defect no-recheck-before-sleep");
  EXPECT_EQ(ran.status, 0);
  EXPECT_NE(ran.out.find("reader blocked\n"), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find(" ✓  with no-recheck-before-sleep sometimes reader blocked"), std::string::npos) << ran.out;
}

TEST_F(CommandTest, ABoundedRunNeverLooksComplete) {
  write("a.litmus", missing_copy());
  const Ran ran = run("explore a.litmus --budget worlds=100");
  EXPECT_EQ(ran.status, 3);
  EXPECT_NE(ran.out.find("stopped by the budget of worlds; at least "), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find("not reached yet"), std::string::npos) << ran.out;
  EXPECT_EQ(nlohmann::json::parse(run("explore a.litmus --budget worlds=100 --json").out)["complete"], false);
}

TEST_F(CommandTest, ASampleIsNoProof) {
  write("a.litmus", missing_copy());
  const Ran ran = run("explore a.litmus --strategy random-walk --walks 50 --seed 7");
  EXPECT_EQ(ran.status, 0);
  EXPECT_NE(ran.out.find("a sample: other outcomes may exist"), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find("executions  ended"), std::string::npos) << ran.out;
}

TEST_F(CommandTest, AnInterruptedRunSaysWhatItCovered) {
  write("a.litmus", missing_copy());
  write("interrupt.sh", UFFDSIM_COMMAND " explore a.litmus --strategy every-path --json & sleep 1; kill -INT $!; wait $!");
  const Ran ran = run("--version >/dev/null; bash -m interrupt.sh");
  EXPECT_EQ(ran.status, 3) << ran.err;
  const auto json = nlohmann::json::parse(ran.out);
  EXPECT_EQ(json["limit"], "interrupted");
  EXPECT_GT(json["totals"]["executions"], 0);
}

TEST_F(CommandTest, ExploreWithoutATableShowsEveryRegisterAndPage) {
  write("a.litmus", std::string("litmus a\n") + kProgram);
  const Ran ran = run("explore a.litmus");
  EXPECT_EQ(ran.status, 0);
  EXPECT_NE(ran.out.find("    reader.r0  monitor.f     monitor.r1  prefetcher.r2  x    worlds  ended\n"), std::string::npos)
      << ran.out;
}

TEST_F(CommandTest, CheckTellsEachFileAndADefect) {
  write("litmus/a.litmus", missing_copy());
  write("litmus/b.litmus", std::string("litmus b\nkernels 6.1\n") + kProgram);
  const Ran ran = run("check litmus");
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_NE(ran.out.find("ok    litmus/a.litmus    3 outcomes"), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find("tells no-recheck-before-sleep\n"), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find("skip  litmus/b.litmus  only for 6.1\n"), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find("2 files: 1 hold, 1 skipped"), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find("no file here tells these defects from the healthy kernel: refile-unseen"), std::string::npos)
      << ran.out;
}

TEST_F(CommandTest, CheckExplainsAFailure) {
  write("a.litmus", std::string("litmus a\n") + kProgram + "never monitor blocked\n");
  const Ran ran = run("check a.litmus");
  EXPECT_EQ(ran.status, 1);
  EXPECT_NE(ran.out.find("FAIL  a.litmus"), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find("a.litmus:16: does not hold: never monitor blocked\n"
                         "        monitor blocked\n"
                         "        monitor sleeps: there is nothing to read from uffd\n"
                         "        uffdsim show a.litmus --schedule \"v1/6.18/"),
            std::string::npos)
      << ran.out;
}

TEST_F(CommandTest, AClaimAboutADefectThatTheHealthyKernelMeetsTooFails) {
  write("a.litmus", std::string("litmus a\n") + kProgram + "with refile-unseen sometimes monitor blocked\n");
  const Ran ran = run("check a.litmus");
  EXPECT_EQ(ran.status, 1);
  EXPECT_NE(ran.out.find("shows nothing, because the healthy kernel does it too"), std::string::npos) << ran.out;
}

TEST_F(CommandTest, CheckSpeaksKtapAndJson) {
  write("a.litmus", missing_copy());
  write("b.litmus", std::string("litmus b\n") + kProgram + "never monitor blocked\n");
  const Ran ktap = run("check a.litmus b.litmus --ktap");
  EXPECT_EQ(ktap.status, 1);
  EXPECT_EQ(ktap.out.substr(0, 42), "KTAP version 1\n1..2\nok 1 a.litmus\n# b.litm");
  EXPECT_NE(ktap.out.find("\nnot ok 2 b.litmus\n# pass:1 fail:1 skip:0\n"), std::string::npos) << ktap.out;
  const Ran json = run("check a.litmus b.litmus --json");
  EXPECT_EQ(json.status, 1);
  const auto parsed = nlohmann::json::parse(json.out);
  EXPECT_EQ(parsed["summary"]["fail"], 1);
  EXPECT_EQ(parsed["files"][0]["runs"][1]["defect"], "no-recheck-before-sleep");
  EXPECT_EQ(json.out, run("check a.litmus b.litmus --json --jobs 1").out);
}

TEST_F(CommandTest, AParseErrorStopsCheckBeforeAnythingIsExplored) {
  write("l/a.litmus", missing_copy());
  write("l/b.litmus", "litmus b\n\npage x  missing\nuffd    missing\n\nthread t\n    r = laod x\n");
  write("l/c.litmus", "litmus c\nnonsense\n");
  const Ran ran = run("check l");
  EXPECT_EQ(ran.status, 2);
  EXPECT_EQ(ran.out, "");
  EXPECT_NE(ran.err.find("l/b.litmus:7:"), std::string::npos) << ran.err;
  EXPECT_NE(ran.err.find("did you mean `load`?"), std::string::npos) << ran.err;
  EXPECT_NE(ran.err.find("l/c.litmus:2:"), std::string::npos) << ran.err;
}

TEST_F(CommandTest, UnknownKernelsAndDefectsInAFileAreErrors) {
  write("a.litmus", std::string("litmus a\n") + kProgram + "with no-such-defect sometimes monitor blocked\n");
  const Ran ran = run("explore a.litmus");
  EXPECT_EQ(ran.status, 2);
  EXPECT_NE(ran.err.find("a.litmus:16: unknown defect 'no-such-defect': expected "), std::string::npos) << ran.err;
}

TEST_F(CommandTest, BadUsageIsTold) {
  const auto complains = [&](const std::string& arguments, const std::string& about) {
    const Ran ran = run(arguments);
    EXPECT_EQ(ran.status, 2) << arguments;
    EXPECT_EQ(ran.out, "") << arguments;
    EXPECT_NE(ran.err.find(about), std::string::npos) << arguments << "\n" << ran.err;
  };
  write("a.litmus", missing_copy());
  write("empty/readme", "");
  complains("", "Subcommands:");
  complains("exlore a.litmus", "unknown command 'exlore'");
  complains("exlore a.litmus", "did you mean `explore`?");
  complains("explore", "FILE is required");
  complains("explore a.litmus --kernal 6.1", "did you mean `--kernel`?");
  complains("explore a.litmus --kernel 6.2", "unknown kernel '6.2': expected 6.1, 6.12, 6.18 or 7.3");
  complains("explore a.litmus --defect refile-unsen", "did you mean `refile-unseen`?");
  complains("explore a.litmus --strategy every-wrld", "did you mean `every-world`?");
  complains("explore a.litmus --budget wrlds=3", "did you mean `worlds`?");
  complains("explore a.litmus --budget worlds=many", "expected a whole number");
  complains("explore a.litmus --jobs 0", "--jobs");
  complains("explore b.litmus", "b.litmus: no such file or folder");
  complains("explore empty", "empty is a folder");
  complains("check empty", "no .litmus file under empty");
  complains("check a.litmus --json --ktap", "--json");
  complains("show a.litmus", "nothing that can be shown fails in a.litmus on 6.18; say what to show");
  complains("cover", "PATH is required");
  complains("cover b.litmus", "b.litmus: no such file or folder");
  complains("list kernals", "did you mean `kernels`?");
  complains("kernel", "--probe");
  complains("kernel a.litmus --kernel 5.4", "unknown kernel for a guest '5.4'");
  complains("kernel a.litmus --image nothing", "nothing: no such file");
  complains("import strce x -o y", "did you mean `strace`?");
  complains("import strace nothing -o y", "nothing");
  complains("replay nothing", "nothing");
  complains("replay nothing --on modle", "did you mean `model`?");
  complains("diff nothing nothing", "nothing");
}

TEST_F(CommandTest, ListNamesWhatThereIs) {
  const Ran ran = run("list");
  EXPECT_EQ(ran.status, 0);
  for (const char* word : {"kernels", "6.18", "(default)", "no-recheck-before-sleep", "random-walk"}) {
    EXPECT_NE(ran.out.find(word), std::string::npos) << word;
  }
  EXPECT_TRUE(nlohmann::json::parse(run("list kernels --json").out).contains("kernels"));
  EXPECT_EQ(run("--help").status, 0);
  EXPECT_EQ(run("--version").out, "uffdsim 0.1\n");
}

TEST_F(CommandTest, TheRealKernelIsAskedWhereItCanBe) {
  const Ran probe = run("kernel --probe");
  if (probe.status != 0) {
    EXPECT_EQ(probe.status, 2);
    EXPECT_NE(probe.err, "");
    GTEST_SKIP() << probe.err;
  }
  write("a.litmus", missing_copy());
  const Ran ran = run("kernel a.litmus -n 20");
  EXPECT_EQ(ran.status, 0) << ran.out << ran.err;
  EXPECT_NE(ran.out.find("1 file on Linux "), std::string::npos) << ran.out;
  write("b.litmus", std::string("litmus b\n") + kProgram + "outcomes reader.r0\n    'Z'\n");
  const Ran wrong = run("kernel b.litmus -n 20");
  EXPECT_EQ(wrong.status, 1);
  EXPECT_NE(wrong.out.find("outside the table"), std::string::npos) << wrong.out;
  const auto json = nlohmann::json::parse(run("kernel a.litmus -n 20 --json").out);
  EXPECT_EQ(json["files"][0]["verdict"], "agrees");
  EXPECT_EQ(json["files"][0]["iterations"], 20);
}

TEST_F(CommandTest, WithoutQemuAGuestIsSkippedAndSaysWhy) {
  write("a.litmus", missing_copy());
  const std::string path = std::getenv("PATH");
  setenv("PATH", "/nonexistent", 1);
  const Ran ran = run("kernel a.litmus --kernel 6.1");
  setenv("PATH", path.c_str(), 1);
  EXPECT_EQ(ran.status, 77);
  EXPECT_EQ(ran.err, "uffdsim: skipped: qemu-system-x86_64 is not installed (Debian: qemu-system-x86)\n");
}

TEST_F(CommandTest, ARealRecordingIsImportedReplayedAndCompared) {
  const std::string sample = UFFDSIM_SAMPLES "/qemu-postcopy-excerpt.strace";
  const Ran imported = run("import strace " + sample + " -o t.trace");
  EXPECT_EQ(imported.status, 0) << imported.err;
  const Ran replayed = run("replay " UFFDSIM_SAMPLES "/qemu-postcopy.trace.zst");
  EXPECT_EQ(replayed.status, 0) << replayed.out << replayed.err;
  EXPECT_EQ(nlohmann::json::parse(run("replay " UFFDSIM_SAMPLES "/qemu-postcopy.trace.zst --json").out)["divergence_count"], 0);
  EXPECT_EQ(run("diff t.trace t.trace").status, 0);
  EXPECT_EQ(run("diff t.trace " UFFDSIM_SAMPLES "/qemu-postcopy.trace.zst").status, 1);
  EXPECT_EQ(nlohmann::json::parse(run("diff t.trace t.trace --json").out)["equal"], true);
}

TEST_F(CommandTest, TheWholeCorpusHolds) {
  const Ran ran = run("check " UFFDSIM_CORPUS);
  EXPECT_EQ(ran.status, 0) << ran.out << ran.err;
  EXPECT_NE(ran.out.find("every defect is told from the healthy kernel"), std::string::npos) << ran.out;
}

}  // namespace
}  // namespace cli
