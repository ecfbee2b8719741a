// SPDX-License-Identifier: Apache-2.0
#include "model/mm/tlb.hpp"

#include <algorithm>

namespace model {

Pte Tlb::lookup(VirtAddr address) const {
  for (const Entry& entry : entries_.read()) {
    if (entry.page != 0 && entry.range().contains(address)) return entry.pte;
  }
  return {};
}

// Entries are kept in the order of their pages, so that what a CPU remembers does not depend on the order
// in which it learned it. A full TLB forgets its first entry.
void Tlb::fill(VirtAddr address, Pte pte) {
  flush({address.page(), address.page() + PageCount{1}});
  auto& entries = entries_.modify();
  auto free = std::find_if(entries.begin(), entries.end(), [](const Entry& e) { return e.page == 0; });
  if (free == entries.end()) free = entries.begin();
  *free = {(pte.pte_huge() ? address.huge_page() : address).page_number() + 1, pte};
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.page > b.page; });
}

void Tlb::flush(AddrRange range) {
  const auto stale = [&](const Entry& entry) { return entry.page != 0 && range.overlaps(entry.range()); };
  if (std::none_of(entries_.read().begin(), entries_.read().end(), stale)) return;
  auto& entries = entries_.modify();
  for (Entry& entry : entries) {
    if (stale(entry)) entry = {};
  }
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.page > b.page; });
}

}  // namespace model
