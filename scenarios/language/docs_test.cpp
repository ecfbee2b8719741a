// SPDX-License-Identifier: Apache-2.0
// The examples of docs/language.md are files that parse.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "scenarios/language/parse.hpp"

namespace language {
namespace {

TEST(Docs, EveryExampleParses) {
  std::ifstream page(std::string(UFFDSIM_SCENARIOS) + "/../docs/language.md");
  ASSERT_TRUE(page);
  std::string example;
  bool within = false;
  int examples = 0, number = 0, first = 0;
  for (std::string line; std::getline(page, line);) {
    ++number;
    if (line == "```litmus") {
      within = true;
      first = number;
      example.clear();
    } else if (line == "```" && within) {
      within = false;
      ++examples;
      const auto litmus =
          parse(example, "the example in line " + std::to_string(first) + " of docs/language.md");
      EXPECT_TRUE(litmus) << to_text(litmus.error());
    } else if (within) {
      example += line + '\n';
    }
  }
  EXPECT_GE(examples, 4);
}

}  // namespace
}  // namespace language
