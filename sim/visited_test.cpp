// SPDX-License-Identifier: Apache-2.0
#include "sim/visited.hpp"

#include <gtest/gtest.h>

namespace sim {
namespace {

TEST(Visited, GivesEachHashItsNumberHoweverMuchItGrows) {
  Visited visited;
  const auto hash = [](std::uint32_t number) { return number * 0x9e37'79b9'7f4a'7c15; };
  for (std::uint32_t number = 0; number < 100000; ++number) {
    ASSERT_EQ(visited.find(hash(number)), Visited::kNone);
    ASSERT_EQ(visited.insert(hash(number), number), number);
  }
  EXPECT_EQ(visited.size(), 100000u);
  for (std::uint32_t number = 0; number < 100000; ++number) {
    ASSERT_EQ(visited.find(hash(number)), number);
    ASSERT_EQ(visited.insert(hash(number), 7), number);
  }
  EXPECT_EQ(visited.size(), 100000u);
}

TEST(Visited, ManyHashesThatWantTheSamePlace) {
  Visited visited;
  for (std::uint64_t number = 1; number < 600; ++number) {
    visited.insert(number << 32, static_cast<std::uint32_t>(number));
  }
  for (std::uint64_t number = 1; number < 600; ++number) EXPECT_EQ(visited.find(number << 32), number);
  EXPECT_EQ(visited.find(std::uint64_t{600} << 32), Visited::kNone);
}

}  // namespace
}  // namespace sim
