// SPDX-License-Identifier: Apache-2.0
#include "model/mm/pte.hpp"

#include <gtest/gtest.h>

namespace model {
namespace {

TEST(Pte, ProtectedLeafIsBornWithoutTheRightToWrite) {
  const Pte pte = Pte::present({3}, PteAccess::write, UffdWp::set);
  EXPECT_EQ(pte.access(), PteAccess::read);
  EXPECT_EQ(pte.pte_uffd_wp(), UffdWp::set);
  EXPECT_EQ(pte.pte_clear_uffd_wp(), Pte::present({3}, PteAccess::read).pte_mkdirty());
  EXPECT_EQ(pte.pte_pfn(), Pfn{3});
}

TEST(Pte, ClosedLeafAllowsNothingAndKnowsWhatItMaps) {
  const Pte pte = Pte::present({3}, PteAccess::write).pte_mkuffd_rwp();
  EXPECT_TRUE(pte.pte_present() && pte.pte_protnone());
  EXPECT_EQ(pte.access(), PteAccess::none);
  EXPECT_EQ(pte.pte_uffd_wp(), UffdWp::set);
  EXPECT_EQ(pte.pte_clear_uffd_wp().pte_modify(PteAccess::write), Pte::present({3}, PteAccess::write));
}

TEST(Pte, MarkersMapNothing) {
  for (const PteMarker marker : {PteMarker::uffd_wp, PteMarker::poisoned, PteMarker::guard}) {
    const Pte pte = Pte::marker(marker);
    EXPECT_TRUE(pte.is_pte_marker() && pte.pte_none_mostly() && pte.is_marker(marker));
    EXPECT_FALSE(pte.pte_none() || pte.pte_present());
    EXPECT_EQ(pte.access(), PteAccess::none);
  }
}

TEST(PteDeathTest, TheBitOfAPresentLeafIsAskedOfPresentLeavesOnly) {
  EXPECT_DEATH(static_cast<void>(Pte::marker(PteMarker::uffd_wp).pte_uffd_wp()), "pte_present");
  EXPECT_DEATH(static_cast<void>(Pte{}.pte_write()), "pte_present");
}

}  // namespace
}  // namespace model
