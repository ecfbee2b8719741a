// SPDX-License-Identifier: Apache-2.0
#include "model/mm/memory.hpp"

#include "model/one_thread_for_test.hpp"

namespace model {
namespace {

TEST(Memory, HandsOutTheLowestFreeFrame) {
  OneThread one;
  Memory& memory = one.machine().system.memory;
  Folio* first = memory.alloc_folio();
  Folio* second = memory.alloc_folio();
  EXPECT_LT(memory.pfn_of(*first), memory.pfn_of(*second));
  memory.folio_put(*first);
  EXPECT_EQ(memory.alloc_folio(), first);
}

TEST(Memory, IsFullWhenEveryFrameIsInUse) {
  OneThread one;
  Memory& memory = one.machine().system.memory;
  std::uint32_t frames = 0;
  while (memory.alloc_folio()) ++frames;
  EXPECT_EQ(frames, 32u);
  EXPECT_EQ(memory.used_frames(), 32u);
}

TEST(Memory, AFrameIsFreeWhenItsLastReferenceIsDropped) {
  OneThread one;
  Memory& memory = one.machine().system.memory;
  Folio* folio = memory.alloc_folio();
  memory.folio_get(*folio);
  memory.folio_put(*folio);
  EXPECT_EQ(memory.used_frames(), 1u);
  memory.folio_put(*folio);
  EXPECT_EQ(memory.used_frames(), 0u);
}

}  // namespace
}  // namespace model
