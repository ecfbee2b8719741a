// SPDX-License-Identifier: Apache-2.0
#include "sim/frontier.hpp"

#include <gtest/gtest.h>

namespace sim {
namespace {

std::vector<std::byte> bytes_of(std::uint32_t number) {
  return std::vector<std::byte>(number % 7, static_cast<std::byte>(number));
}

TEST(Frontier, GivesWorldsBackInOrderWithTheirBytes) {
  Frontier frontier;
  constexpr std::uint32_t kWorlds = 3 * Frontier::kBatch + 5;
  for (std::uint32_t number = 0; number < kWorlds; ++number) frontier.push(number, bytes_of(number));
  EXPECT_EQ(frontier.size(), kWorlds);
  std::uint32_t expected = 0;
  while (!frontier.empty()) {
    Frontier::Batch batch = frontier.pop();
    for (std::size_t i = 0; i < batch.size(); ++i, ++expected) {
      ASSERT_EQ(batch.number(i), expected);
      const std::vector<std::byte> bytes(batch.saved(i).begin(), batch.saved(i).end());
      ASSERT_EQ(bytes, bytes_of(expected));
    }
    frontier.recycle(std::move(batch));
  }
  EXPECT_EQ(expected, kWorlds);
  EXPECT_EQ(frontier.size(), 0u);
  EXPECT_EQ(frontier.bytes(), 0u);
  frontier.push(9, bytes_of(9));
  EXPECT_EQ(frontier.pop().number(0), 9u);
}

}  // namespace
}  // namespace sim
