// SPDX-License-Identifier: Apache-2.0
#include "scenarios/cli/wrap.hpp"

#include <gtest/gtest.h>

#include "scenarios/cli/terminal.hpp"

namespace cli {
namespace {

using Lines = std::vector<std::string>;

TEST(Wrap, BreaksAtSpacesAndHangs) {
  EXPECT_EQ(wrapped("one two three four", 9, 2), (Lines{"one two", "  three", "  four"}));
  EXPECT_EQ(wrapped("  one two three", 10, 2), (Lines{"  one two", "    three"}));
  EXPECT_EQ(wrapped("short", 20, 2), Lines{"short"});
  EXPECT_EQ(wrapped("", 20, 2), Lines{""});
}

TEST(Wrap, BreaksLongNamesAtTheirJoints) {
  EXPECT_EQ(wrapped("fault_pending_wqh.lock", 14, 0), (Lines{"fault_pending_", "wqh.lock"}));
  EXPECT_EQ(wrapped("abcdefghijkl", 8, 0), (Lines{"abcdefgh", "ijkl"}));
}

TEST(Wrap, CountsColumnsNotBytes) {
  for (const std::string& line : wrapped("… … … … … … … … … → → → ★ ★", 9, 4))
    EXPECT_LE(width_of(line), 9u) << line;
  EXPECT_EQ(wrapped("→ ok … ★ yes", 12, 0), Lines{"→ ok … ★ yes"});
}

}  // namespace
}  // namespace cli
