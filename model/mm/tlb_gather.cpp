// SPDX-License-Identifier: Apache-2.0
#include "model/mm/tlb_gather.hpp"

#include <algorithm>

#include "model/mm/hugetlb.hpp"
#include "model/mm/rmap.hpp"

namespace model {
namespace {

void extend(AddrRange& flush, VirtAddr address) {
  const AddrRange page{address, address + PageCount{1}};
  if (flush.empty()) {
    flush = page;
  } else {
    flush = {std::min(flush.start, page.start), std::max(flush.end, page.end)};
  }
}

// What the leaf becomes; the same if it is not to be emptied.
Pte zapped(Memory& memory, Pte pte, ZapDetails details) {
  using Markers = ZapDetails::Markers;
  const bool cows_stay = details.cows == ZapDetails::Cows::kept;
  if (!pte.pte_present()) {
    if (pte.is_guard()) return details.guards == ZapDetails::Guards::stay ? pte : Pte{};
    const bool wp = pte.is_marker(PteMarker::uffd_wp);
    const bool stays = wp ? details.markers != Markers::dropped : cows_stay;
    if (stays) return pte;
    const bool leaves_bit =
        pte.is_marker(PteMarker::poisoned_wp) && details.markers == Markers::bits_become_markers;
    return leaves_bit ? Pte::marker(PteMarker::uffd_wp) : Pte{};
  }
  if (cows_stay && memory.folio_at(pte.pte_pfn()).folio_test_anon()) return pte;
  const bool marks = details.markers == Markers::bits_become_markers && pte.pte_uffd_wp() == UffdWp::set;
  return marks ? Pte::marker(PteMarker::uffd_wp) : Pte{};
}

// Called with leaf.ptl held.
void zap_pte_range(Mm& mm, PageTable& leaf, AddrRange range, TlbGather& gather, ZapDetails details) {
  Memory& memory = mm.system->memory;
  for (VirtAddr at = range.start; at < range.end; at = at + PageCount{1}) {
    const Pte pte = mm.page_tables.get(leaf, at);
    if (pte.pte_none()) continue;
    const Pte now = zapped(memory, pte, details);
    if (now == pte) continue;
    mm.page_tables.set(leaf, at, now);
    if (!pte.pte_present()) continue;
    extend(gather.range, at);
    if (memory.is_zero_page(pte.pte_pfn())) continue;
    Folio& folio = memory.folio_at(pte.pte_pfn());
    folio_remove_rmap(folio);
    GatheredPage* page = mm.system->gather_cache.allocate();
    page->folio = &folio;
    gather.pages.push_back(*page);
  }
}

}  // namespace

ZapDetails::Markers markers_of(const Vma& vma) {
  using Markers = ZapDetails::Markers;
  if (vma.vma_is_anonymous()) return Markers::dropped;
  return vma.userfaultfd_wp() ? Markers::bits_become_markers : Markers::kept;
}

void tlb_gather_mmu(Mm& mm) { mm.tlb_flush_pending.write(mm.tlb_flush_pending.read() + 1); }

sim::Task<void> unmap_page_range(Mm& mm, AddrRange range, TlbGather& gather, ZapDetails details) {
  VirtAddr at = range.start;
  while (at < range.end) {
    const VirtAddr end = std::min(mm.page_tables.next_leaf(at), range.end);
    PageTable* leaf = mm.page_tables.leaf(at);
    if (leaf) {
      co_await leaf->ptl.lock();
      zap_pte_range(mm, *leaf, {at, end}, gather, details);
      leaf->ptl.unlock();
    }
    at = end;
  }
}

sim::Task<void> tlb_finish_mmu(Mm& mm, TlbGather& gather) {
  if (!gather.range.empty()) {
    co_await sim::point("flush_tlb_mm_range");
    mm.flush_tlb_range(gather.range);
  }
  gather.pages.for_each_safely([&](GatheredPage& page) {
    gather.pages.erase(page);
    mm.system->memory.folio_put(*page.folio);
    mm.system->gather_cache.release(&page);
  });
  mm.tlb_flush_pending.write(mm.tlb_flush_pending.read() - 1);
}

sim::Task<void> zap_page_range_single(Mm& mm, Vma& vma, AddrRange range) {
  const ZapDetails details{.markers = markers_of(vma), .guards = ZapDetails::Guards::stay};
  TlbGather gather;
  tlb_gather_mmu(mm);
  if (vma.is_vm_hugetlb_page()) {
    co_await zap_hugepage_range(vma, range, gather, HugeMarkers::stay);
  } else {
    co_await unmap_page_range(mm, range, gather, details);
  }
  co_await tlb_finish_mmu(mm, gather);
}

}  // namespace model
