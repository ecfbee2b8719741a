// SPDX-License-Identifier: Apache-2.0
#include "scenarios/language/verdict.hpp"

#include <gtest/gtest.h>

#include "scenarios/language/parse.hpp"

namespace language {
namespace {

// Columns of a seen row: x, t, v.
Litmus litmus() {
  return *parse(
      "litmus a\nkernels 6.12 6.18\npage x missing\nvariable v\nthread t\n    load x\n"
      "outcomes x       t\n         'A'     done\n         missing blocked  on 6.12\n"
      "never     x 'B'\n"               // 0
      "sometimes v 1 and x 'A'\n"       // 1
      "always    t done  on 6.18\n"     // 2
      "with bad sometimes t blocked\n"  // 3
      "with worse sometimes x 'B'\n",   // 4
      "test");
}

TEST(Verdict, HoldsWhenAllRowsAndClaimsDo) {
  const Verdict verdict =
      judge(litmus(), {"6.18", ""}, {{"'A'", "done", "1"}, {"'A'", "done", "0"}}, Coverage::all);
  EXPECT_TRUE(verdict.holds());
  EXPECT_EQ(verdict.reached, 1u);
  ASSERT_EQ(verdict.claims.size(), 3u);
  EXPECT_EQ(verdict.claims[1].witness, (Words{"'A'", "done", "1"}));
}

TEST(Verdict, NamesUnexpectedRowsOnce) {
  const Verdict verdict =
      judge(litmus(), {"6.18", ""}, {{"'A'", "done", "1"}, {"zero", "done", "0"}, {"zero", "done", "1"}},
            Coverage::all);
  EXPECT_EQ(verdict.unexpected, (std::vector<Words>{{"zero", "done", "0"}}));
  EXPECT_FALSE(verdict.holds());
}

TEST(Verdict, ExpectsRowsOnlyOnTheirKernels) {
  const std::set<Words> seen{{"'A'", "done", "1"}};
  EXPECT_TRUE(judge(litmus(), {"6.18", ""}, seen, Coverage::all).unreached.empty());
  EXPECT_EQ(judge(litmus(), {"6.12", ""}, seen, Coverage::all).unreached, std::vector<std::size_t>{1});
  EXPECT_EQ(judge(litmus(), {"6.12", ""}, seen, Coverage::all).claims.size(), 2u);
}

TEST(Verdict, RefutesWithAWitness) {
  const Verdict verdict = judge(litmus(), {"6.18", ""}, {{"'B'", "blocked", "0"}}, Coverage::some);
  ASSERT_EQ(verdict.claims.size(), 3u);
  EXPECT_EQ(verdict.claims[0].truth, Truth::fails);
  EXPECT_EQ(verdict.claims[1].truth, Truth::open);
  EXPECT_EQ(verdict.claims[2].truth, Truth::fails);
  EXPECT_EQ(verdict.claims[2].witness, (Words{"'B'", "blocked", "0"}));
}

TEST(Verdict, ASampleCanOnlyRefute) {
  const std::set<Words> seen{{"'A'", "done", "0"}};
  const Verdict sample = judge(litmus(), {"6.12", ""}, seen, Coverage::some);
  EXPECT_TRUE(sample.holds());
  EXPECT_EQ(sample.unreached, std::vector<std::size_t>{1});
  EXPECT_EQ(sample.claims[1].truth, Truth::open);
  const Verdict all = judge(litmus(), {"6.12", ""}, seen, Coverage::all);
  EXPECT_FALSE(all.holds());
  EXPECT_EQ(all.claims[1].truth, Truth::fails);
}

TEST(Verdict, OnADefectiveKernelOnlyItsClaimsCount) {
  const Verdict verdict = judge(litmus(), {"6.18", "bad"}, {{"zero", "blocked", "0"}}, Coverage::all);
  EXPECT_TRUE(verdict.holds());
  ASSERT_EQ(verdict.claims.size(), 1u);
  EXPECT_EQ(verdict.claims[0].claim, 3u);
  EXPECT_FALSE(judge(litmus(), {"6.18", "worse"}, {{"zero", "blocked", "0"}}, Coverage::all).holds());
}

TEST(Verdict, KnowsKernelsAndDefectsOfAFile) {
  EXPECT_TRUE(applies(litmus(), "6.18"));
  EXPECT_FALSE(applies(litmus(), "6.1"));
  EXPECT_EQ(defects(litmus()), (std::vector<std::string>{"bad", "worse"}));
}

}  // namespace
}  // namespace language
