// SPDX-License-Identifier: Apache-2.0
#include "model/mm/tlb.hpp"

#include "model/one_thread_for_test.hpp"

namespace model {
namespace {

TEST(Tlb, ForgetsWhatIsFlushed) {
  Tlb tlb;
  tlb.fill(page(3), Pte::present({7}, PteAccess::read));
  tlb.fill(page(4), Pte::present({8}, PteAccess::read));
  tlb.flush({page(3), page(4)});
  EXPECT_TRUE(tlb.lookup(page(3)).pte_none());
  EXPECT_EQ(tlb.lookup(page(4)).pte_pfn(), Pfn{8});
}

TEST(Tlb, HoldsTheSameBytesWhateverTheOrderItLearnedIn) {
  Tlb one;
  Tlb other;
  one.fill(page(3), Pte::present({7}, PteAccess::read));
  one.fill(page(4), Pte::present({8}, PteAccess::read));
  other.fill(page(4), Pte::present({8}, PteAccess::read));
  other.fill(page(3), Pte::present({7}, PteAccess::read));
  for (std::size_t i = 0; i < Tlb::kEntries; ++i) {
    EXPECT_EQ(one.peek()[i].page, other.peek()[i].page);
    EXPECT_EQ(one.peek()[i].pte, other.peek()[i].pte);
  }
}

TEST(Tlb, AHugePageIsOneEntry) {
  Tlb tlb;
  tlb.fill(VirtAddr{huge_page(3).value + 0x5000}, Pte::present({7}, PteAccess::read).pte_mkhuge());
  EXPECT_EQ(tlb.lookup(huge_page(3)).pte_pfn(), Pfn{7});
  EXPECT_EQ(tlb.lookup(huge_page(4) - PageCount{1}).pte_pfn(), Pfn{7});
  EXPECT_TRUE(tlb.lookup(huge_page(4)).pte_none());
  tlb.flush({huge_page(3) + PageCount{9}, huge_page(3) + PageCount{10}});
  EXPECT_TRUE(tlb.lookup(huge_page(3)).pte_none()) << "a flush of any part of it";
}

}  // namespace
}  // namespace model
