// SPDX-License-Identifier: Apache-2.0
#include "sim/frontier.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <vector>

namespace sim {
namespace {

TEST(Frontier, CountsItsBytesOverManyBatches) {
  Frontier frontier;
  const std::vector<std::byte> world(100);
  std::size_t pushed = 0;
  for (std::uint32_t number = 0; number < 3 * Frontier::kBatch; ++number) {
    frontier.push(number, world);
    pushed += world.size();
    EXPECT_GE(frontier.bytes(), pushed);
    EXPECT_LE(frontier.bytes(), 3 * pushed + 3 * Frontier::kBatch * world.size());
  }
  while (!frontier.empty()) frontier.pop();
  EXPECT_EQ(frontier.bytes(), 0u);
  EXPECT_EQ(frontier.size(), 0u);
}

TEST(Frontier, GivesWorldsBackInTheirOrder) {
  Frontier frontier;
  const std::vector<std::byte> world(3, std::byte{7});
  for (std::uint32_t number = 0; number < Frontier::kBatch + 1; ++number) frontier.push(number, world);
  EXPECT_EQ(frontier.size(), Frontier::kBatch + 1);
  const Frontier::Batch first = frontier.pop();
  EXPECT_EQ(first.size(), Frontier::kBatch);
  EXPECT_EQ(first.number(Frontier::kBatch - 1), Frontier::kBatch - 1);
  const Frontier::Batch second = frontier.pop();
  ASSERT_EQ(second.size(), 1u);
  EXPECT_EQ(second.number(0), Frontier::kBatch);
  EXPECT_EQ(second.saved(0).size(), world.size());
}

}  // namespace
}  // namespace sim
