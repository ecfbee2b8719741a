// SPDX-License-Identifier: Apache-2.0
#include "scenarios/cli/reductions.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace cli {
namespace {

const char* const kText = R"(litmus a

page x  missing
uffd    missing

thread monitor
    repeat
        e = read
        if e is read-fault
            c = copy e 'A'
        else
            w = wake x
    until e is EAGAIN

thread app
    l = load x

sometimes app.l 'A'
)";

const Reduction& named(const std::vector<Reduction>& all, const std::string& name) {
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Reduction& r) { return r.left_out == name; });
  EXPECT_NE(found, all.end()) << name;
  return found == all.end() ? all.front() : *found;
}

TEST(Reductions, LargeOnesComeFirst) {
  const std::vector<Reduction> all = reductions(lines_of(kText), Part::threads);
  EXPECT_EQ(all.front().left_out, "thread monitor");
  EXPECT_TRUE(
      std::is_sorted(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.size > b.size; }));
}

TEST(Reductions, ALoopIsMadeOnceAndABranchIsTaken) {
  const std::vector<Reduction> all = reductions(lines_of(kText), Part::threads);
  const std::string once = text_of(named(all, "monitor: `repeat … until e is EAGAIN`, made once").lines);
  EXPECT_NE(
      once.find("thread monitor\n    e = read\n    if e is read-fault\n        c = copy e 'A'\n    else\n"),
      std::string::npos)
      << once;
  EXPECT_EQ(once.find("until"), std::string::npos);
  const std::string taken = text_of(named(all, "monitor: `if e is read-fault`, taken for false").lines);
  EXPECT_NE(taken.find("        e = read\n        w = wake x\n    until"), std::string::npos) << taken;
  const std::string less = text_of(named(all, "monitor: the else of `if e is read-fault`").lines);
  EXPECT_NE(less.find("            c = copy e 'A'\n    until"), std::string::npos) << less;
}

TEST(Reductions, DeclarationsAreAPartOfTheirOwn) {
  const std::vector<Reduction> all = reductions(lines_of(kText), Part::declarations);
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(text_of(named(all, "page x  missing").lines).find("page"), std::string::npos);
}

}  // namespace
}  // namespace cli
