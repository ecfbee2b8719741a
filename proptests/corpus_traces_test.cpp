// SPDX-License-Identifier: Apache-2.0
// Two engines that share nothing but the world, over the litmus files: where one execution of each trace can
// be made in a short time, its table is that of all worlds.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <vector>

#include "proptests/exploration_text.hpp"
#include "scenarios/language/parse.hpp"
#include "sim/every_trace.hpp"
#include "sim/explore.hpp"
#include "traces/model/subject.hpp"

namespace proptests {
namespace {

std::vector<std::filesystem::path> litmus_files() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(UFFDSIM_CORPUS)) {
    if (entry.path().extension() == ".litmus") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

TEST(CorpusTraces, OneExecutionOfEachGivesTheTableOfAllWorlds) {
  int compared = 0;
  for (const std::filesystem::path& file : litmus_files()) {
    SCOPED_TRACE(file);
    const auto litmus = language::parse_file(file);
    ASSERT_TRUE(litmus) << language::to_text(litmus.error());
    const traces::Program& program = litmus->program;
    const traces::ModelSubject subject(
        program, model::default_kernel(),
        [&](const traces::FinalState& state) { return outcome_text(program, state); });
    const sim::Exploration traces = sim::every_trace(subject, {.budget = {.executions = 2'000}});
    if (!traces.coverage.complete()) continue;
    EXPECT_EQ(table(traces), table(sim::explore(subject)));
    ++compared;
  }
  EXPECT_GT(compared, 300);
}

}  // namespace
}  // namespace proptests
