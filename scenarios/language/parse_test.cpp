// SPDX-License-Identifier: Apache-2.0
#include "scenarios/language/parse.hpp"

#include <gtest/gtest.h>

#include "scenarios/language/print.hpp"

namespace language {
namespace {

TEST(Parse, ReadsTheFirstFile) {
  const auto l = parse("litmus a\n    prose\n\npage x  missing\nuffd    missing\n\nthread t\n    r = load x\n", "f");
  ASSERT_TRUE(l) << to_text(l.error());
  EXPECT_EQ(print(*l), "litmus a\n    prose\n\npage x  missing\nuffd    missing\n\nthread t\n    r = load x\n");
}

}  // namespace
}  // namespace language
