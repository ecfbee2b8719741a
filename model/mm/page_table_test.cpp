// SPDX-License-Identifier: Apache-2.0
#include "model/mm/page_table.hpp"

#include "model/one_thread_for_test.hpp"

namespace model {
namespace {

sim::Task<void> set_leaf(PageTables* tables, VirtAddr address, Pte pte) {
  co_await tables->page_table_lock().lock();
  PageTable& leaf = tables->alloc_leaf(address);
  tables->page_table_lock().unlock();
  co_await leaf.ptl.lock();
  tables->set(leaf, address, pte);
  leaf.ptl.unlock();
}

// Every page is in a mapping: what is set is allowed to be there.
struct PageTablesTest : testing::Test {
  PageTablesTest() { EXPECT_EQ(one.map(page(0), {128}), Errno::none); }
  OneThread one;
  PageTables& tables = one.mm().page_tables;
};

constexpr Pte kZeroPage = Pte::present(Memory::zero_pfn(), PteAccess::read);

TEST_F(PageTablesTest, FindsWhatWasSetAndNothingElse) {
  one.run([&] { return set_leaf(&tables, page(37), kZeroPage); });
  EXPECT_EQ(tables.walk(page(37)), kZeroPage);
  EXPECT_TRUE(tables.walk(page(36)).pte_none());
  EXPECT_TRUE(tables.walk(page(101)).pte_none());
  EXPECT_EQ(tables.tables_in_use(), 4u) << "one a level";
}

TEST_F(PageTablesTest, NextLeafIsWhereAnotherTableBegins) {
  one.run([&] { return set_leaf(&tables, page(5), kZeroPage); });
  EXPECT_EQ(tables.next_leaf(page(5)), page(8)) << "two bits a level: four pages a table";
  EXPECT_EQ(tables.next_leaf(page(9)), page(12));
}

TEST_F(PageTablesTest, NextLeafSkipsWhatHasNoTables) {
  EXPECT_GE(tables.next_leaf(page(5)), tables.limit());
  one.run([&] { return set_leaf(&tables, page(5), kZeroPage); });
  EXPECT_EQ(tables.next_leaf(page(17)), page(32)) << "sixteen pages a table of the next level";
  EXPECT_EQ(tables.next_leaf(page(70)), page(128));
  EXPECT_GE(tables.next_leaf(tables.limit()), tables.limit());
}

TEST_F(PageTablesTest, FreesOnlyTablesThatLieInsideTheRange) {
  one.run([&] { return set_leaf(&tables, page(1), kZeroPage); });
  one.run([&] { return set_leaf(&tables, page(1), Pte{}); });
  tables.free_tables({page(1), tables.limit()});
  EXPECT_EQ(tables.tables_in_use(), 4u) << "page 0 may belong to a neighbour";
  tables.free_tables({page(0), tables.limit()});
  EXPECT_EQ(tables.tables_in_use(), 0u);
}

TEST(Pte, KnowsWhatItAllows) {
  EXPECT_EQ(Pte{}.access(), PteAccess::none);
  EXPECT_EQ(Pte::present({3}, PteAccess::write).access(), PteAccess::write);
  EXPECT_EQ(Pte::present({3}, PteAccess::none).access(), PteAccess::none);
  EXPECT_TRUE(Pte::present({3}, PteAccess::none).pte_present());
  EXPECT_EQ(Pte::present({3}, PteAccess::read).pte_pfn(), Pfn{3});
}

}  // namespace
}  // namespace model
