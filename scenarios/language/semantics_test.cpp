// SPDX-License-Identifier: Apache-2.0
// docs/semantics.md and docs/monitors.md are in step with scenarios/litmus/: each names what the other has.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "scenarios/language/parse.hpp"

namespace language {
namespace {

const std::filesystem::path kCorpus = std::filesystem::path(UFFDSIM_SCENARIOS) / "litmus";

// "copy/copy-races.litmus", as they lie under scenarios/litmus.
std::set<std::string> files_of_the_corpus() {
  std::set<std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(kCorpus)) {
    if (entry.path().extension() == ".litmus")
      files.insert(entry.path().lexically_relative(kCorpus).string());
  }
  return files;
}

std::set<std::string> files_named_in(const std::filesystem::path& page) {
  std::ifstream stream(page);
  EXPECT_TRUE(stream) << page;
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  const std::string folder = "scenarios/litmus/";
  std::set<std::string> files;
  for (std::size_t at = text.find(folder); at != std::string::npos; at = text.find(folder, at)) {
    at += folder.size();
    const std::string file = text.substr(at, text.find_first_of(")` \n", at) - at);
    if (std::filesystem::path(file).extension() == ".litmus") files.insert(file);
  }
  return files;
}

TEST(Semantics, EveryFileIsNamedByASentenceAndEveryFileNamedExists) {
  const std::set<std::string> files = files_of_the_corpus();
  std::set<std::string> named = files_named_in(kCorpus / "../../docs/semantics.md");
  for (const char* document : {"../../docs/monitors.md", "../../docs/conformance.md"}) {
    named.merge(files_named_in(kCorpus / document));
  }
  EXPECT_GE(files.size(), 30u);
  for (const std::string& file : files) {
    EXPECT_TRUE(named.contains(file)) << "docs/ does not say what scenarios/litmus/" << file << " shows";
  }
  for (const std::string& file : named) {
    EXPECT_TRUE(files.contains(file)) << "docs/ names scenarios/litmus/" << file << ", which is not there";
  }
}

TEST(Semantics, EveryFileExplainsItselfAndListsItsOutcomes) {
  for (const std::string& file : files_of_the_corpus()) {
    const auto litmus = parse_file(kCorpus / file);
    ASSERT_TRUE(litmus) << to_text(litmus.error());
    EXPECT_EQ(litmus->program.name, std::filesystem::path(file).stem()) << file;
    EXPECT_NE(litmus->prose, "") << file;
    EXPECT_FALSE(litmus->rows.empty()) << file;
  }
}

}  // namespace
}  // namespace language
