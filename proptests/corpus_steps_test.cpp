// SPDX-License-Identifier: Apache-2.0
// The laws of single steps, over the litmus files of what the generator does not produce: descriptors that
// are duplicated and handed on, several processes, epoll.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <vector>

#include "proptests/exploration_text.hpp"
#include "scenarios/language/parse.hpp"
#include "sim/explore.hpp"
#include "traces/model/subject.hpp"

namespace proptests {
namespace {

std::vector<std::filesystem::path> litmus_files(const char* folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::filesystem::path(UFFDSIM_CORPUS) / folder)) {
    files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

class CorpusSteps : public testing::TestWithParam<const char*> {};

TEST_P(CorpusSteps, KeepTheInvariantsAndDeclareWhatTheyChange) {
  for (const std::filesystem::path& file : litmus_files(GetParam())) {
    const auto litmus = language::parse_file(file);
    ASSERT_TRUE(litmus) << language::to_text(litmus.error());
    const traces::Program& program = litmus->program;
    const traces::ModelSubject subject(
        program, model::default_kernel(),
        [&](const traces::FinalState& state) { return outcome_text(program, state); });
    const sim::Budget few{.worlds = 6'000};
    const sim::Exploration checked =
        sim::explore(subject, {.budget = few, .checks = sim::Checks::every_step});
    for (const sim::Finding& finding : checked.findings) {
      ADD_FAILURE() << file << ": " << name_of(finding.kind) << ": " << finding.text << "\n"
                    << to_text(finding.schedule);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Folders, CorpusSteps, testing::Values("descriptors", "poll", "read", "fork"),
                         [](const auto& folder) { return std::string(folder.param); });

}  // namespace
}  // namespace proptests
