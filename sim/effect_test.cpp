// SPDX-License-Identifier: Apache-2.0
#include "sim/effect.hpp"

#include <gtest/gtest.h>

namespace sim {
namespace {

const char bytes[64] = {};

Effect effect(Access access, std::size_t first, std::uint32_t size) {
  return Effect(Footprint{{bytes + first, size, access}});
}

TEST(EffectTest, ReadersOfTheSameBytesCommute) {
  EXPECT_FALSE(effect(Access::read, 0, 8).meets(effect(Access::read, 4, 8)));
}

TEST(EffectTest, AWriterMeetsWhoeverSharesAByteWithIt) {
  EXPECT_TRUE(effect(Access::write, 0, 8).meets(effect(Access::read, 7, 1)));
  EXPECT_TRUE(effect(Access::read, 7, 4).meets(effect(Access::write, 0, 8)));
  EXPECT_TRUE(effect(Access::write, 0, 8).meets(effect(Access::write, 7, 8)));
  EXPECT_FALSE(effect(Access::write, 0, 8).meets(effect(Access::write, 8, 8)));
}

TEST(EffectTest, TouchesMayComeInAnyOrderAndLieInEachOther) {
  const Effect wide(Footprint{
      {bytes + 40, 4, Access::write}, {bytes + 8, 16, Access::write}, {bytes + 10, 2, Access::write}});
  EXPECT_TRUE(wide.meets(effect(Access::read, 23, 1)));
  EXPECT_FALSE(wide.meets(effect(Access::read, 24, 16)));
  EXPECT_TRUE(wide.meets(effect(Access::read, 43, 1)));
}

TEST(EffectTest, EffectsAddUp) {
  Effect both = effect(Access::read, 0, 8);
  both.add(effect(Access::write, 32, 8));
  EXPECT_TRUE(both.meets(effect(Access::write, 0, 1)));
  EXPECT_TRUE(both.meets(effect(Access::read, 39, 1)));
  EXPECT_FALSE(both.meets(effect(Access::read, 0, 8)));
}

TEST(EffectTest, TheEndOfTheWorldCommutesWithNothing) {
  Effect end;
  EXPECT_FALSE(end.meets(Effect()));
  end.end_everything();
  EXPECT_TRUE(end.meets(Effect()));
  EXPECT_TRUE(Effect().meets(end));
}

}  // namespace
}  // namespace sim
