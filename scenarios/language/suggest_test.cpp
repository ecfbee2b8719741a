// SPDX-License-Identifier: Apache-2.0
#include "scenarios/language/suggest.hpp"

#include <gtest/gtest.h>

namespace language {
namespace {

TEST(Suggest, FindsWhatWasMeant) {
  EXPECT_EQ(nearest("lod", {"store", "load"}), "load");
  EXPECT_EQ(nearest("misisng", {"missing", "minor"}), "missing");
  EXPECT_EQ(nearest("", {"load"}), std::nullopt);
  EXPECT_EQ(nearest("x", {"y"}), std::nullopt);
  EXPECT_EQ(nearest("frobnicate", {"load"}), std::nullopt);
  EXPECT_EQ(nearest("load", {"load"}), std::nullopt);
  EXPECT_EQ(nearest(std::string(100000, 'x'), {"x"}), std::nullopt);
}

TEST(Suggest, SpeaksInSentences) {
  EXPECT_EQ(suggestion("stor", {"store"}), "did you mean `store`?");
  EXPECT_EQ(suggestion_or_list("q", {"x", "y"}), "known here: x, y");
  EXPECT_EQ(either({"a", "b", "c"}), "a, b or c");
  EXPECT_EQ(either({"a"}), "a");
}

}  // namespace
}  // namespace language
