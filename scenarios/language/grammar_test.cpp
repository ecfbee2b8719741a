// SPDX-License-Identifier: Apache-2.0
#include "scenarios/language/grammar.hpp"

#include <gtest/gtest.h>

namespace language {
namespace {

std::vector<std::string> words(std::string_view line) {
  std::vector<std::string> found;
  const auto tokens = split(line);
  if (!tokens) return {tokens.error().message};
  for (const Token& token : *tokens) found.emplace_back(token.text);
  return found;
}

TEST(Grammar, SplitsLines) {
  EXPECT_EQ(words("  r0=load x # 'unclosed"), (std::vector<std::string>{"r0", "=", "load", "x"}));
  EXPECT_EQ(words("store x '#=\\''"), (std::vector<std::string>{"store", "x", "'#=\\''"}));
  EXPECT_EQ(words(""), std::vector<std::string>{});
  EXPECT_EQ(split(" ab")->front().at, 1u);
}

TEST(Grammar, ReadsLetters) {
  const auto found = letters("'.\\.\\0\\x7f'");
  ASSERT_TRUE(found);
  ASSERT_EQ(found->size(), 4u);
  EXPECT_EQ((*found)[0].written, Letter::Written::plain);
  EXPECT_EQ((*found)[1].written, Letter::Written::escaped);
  EXPECT_EQ((*found)[2].value, '\0');
  EXPECT_EQ((*found)[3].value, '\x7f');
  for (const char* bad : {"", "A", "'", "''", "'A", "'A'B", "'\\'", "'\\x4'"})
    EXPECT_FALSE(letters(bad)) << bad;
}

TEST(Grammar, ReadsPlaces) {
  EXPECT_EQ(place("r[1..0x10]+2")->last, 16u);
  EXPECT_EQ(place("r[1..0x10]+2")->offset, 2u);
  EXPECT_EQ(place("@7")->address, 7u);
  for (const char* bad : {"", "1", "r[", "r[]", "r[1", "r[1..", "r[1..]", "r+", "@", "@x", "r[1]x",
                          "r[99999999999999999999]"}) {
    EXPECT_FALSE(place(bad)) << bad;
  }
}

TEST(Grammar, ReadsColumns) {
  EXPECT_EQ(column("t.r0.field")->subpart, "field");
  EXPECT_EQ(column("r[3]")->page, 3u);
  for (const char* bad : {"", ".", "t.", "t.r0.", "t.r0.field.x", "r[", "r[1", "r[1].x"})
    EXPECT_FALSE(column(bad)) << bad;
}

TEST(Grammar, ReadsNumbersNamesAndKernels) {
  EXPECT_EQ(number("0xffffffffffffffff"), ~std::uint64_t{0});
  for (const char* bad : {"", "0x", "-1", "1x", "0x10000000000000000"}) EXPECT_FALSE(number(bad)) << bad;
  EXPECT_TRUE(is_name("a-b_1"));
  for (const char* bad : {"", "1a", "a.b", "-a"}) EXPECT_FALSE(is_name(bad)) << bad;
  EXPECT_TRUE(is_kernel("6.18"));
  for (const char* bad : {"", "6", "6.", ".1", "6.18.4"}) EXPECT_FALSE(is_kernel(bad)) << bad;
}

}  // namespace
}  // namespace language
