// SPDX-License-Identifier: Apache-2.0
#include "sim/frontier.hpp"

#include <gtest/gtest.h>

namespace sim {
namespace {

TEST(Frontier, HoldsNoMemoryWhenItIsEmptyAgain) {
  Frontier frontier;
  const std::vector<std::byte> world(100);
  for (std::uint32_t number = 0; number < 3 * Frontier::kBatch; ++number) frontier.push(number, world);
  EXPECT_GE(frontier.bytes(), 3 * Frontier::kBatch * world.size());
  while (!frontier.empty()) {
    frontier.pop();
    EXPECT_LT(frontier.bytes(), 6 * Frontier::kBatch * world.size());
  }
  EXPECT_EQ(frontier.bytes(), 0u);
}

}  // namespace
}  // namespace sim
