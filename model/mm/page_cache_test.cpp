// SPDX-License-Identifier: Apache-2.0
#include "model/mm/page_cache.hpp"

#include "model/one_thread_for_test.hpp"

namespace model {
namespace {

struct PageCacheTest : testing::Test {
  PageCacheTest() { folio = one.machine().system.memory.alloc_folio(); }
  void store(std::uint64_t index) { cache.store(nodes(), index, folio); }
  void clear(std::uint64_t index) { cache.store(nodes(), index, nullptr); }
  PageCache::Nodes& nodes() { return one.machine().system.page_cache_nodes; }

  OneThread one;
  PageCache cache;
  Folio* folio = nullptr;
};

TEST_F(PageCacheTest, HoldsWhatWasStoredAndNothingElse) {
  store(3);
  store(100);
  store(8);
  EXPECT_EQ(cache.load(3), folio);
  EXPECT_EQ(cache.load(8), folio);
  EXPECT_EQ(cache.peek(100), folio);
  EXPECT_EQ(cache.load(4), nullptr);
  EXPECT_EQ(cache.load(50), nullptr);
  EXPECT_EQ(cache.load(1000), nullptr);
}

TEST_F(PageCacheTest, FindsTheNextFolioOfARange) {
  store(9);
  store(30);
  EXPECT_EQ(cache.find(0, 100), 9u);
  EXPECT_EQ(cache.find(10, 100), 30u);
  EXPECT_EQ(cache.find(10, 30), 30u) << "the end: there is none";
  clear(30);
  EXPECT_EQ(cache.find(10, 100), 100u);
}

TEST_F(PageCacheTest, AHoleTakesNoRoomAndFreedNothingIsLeft) {
  clear(7);
  EXPECT_EQ(nodes().alive(), 0u);
  store(7);
  store(70);
  EXPECT_EQ(nodes().alive(), 2u);
  clear(7);
  clear(70);
  cache.free(nodes());
  EXPECT_EQ(nodes().alive(), 0u);
}

}  // namespace
}  // namespace model
