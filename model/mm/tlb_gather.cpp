// SPDX-License-Identifier: Apache-2.0
#include "model/mm/tlb_gather.hpp"

#include <algorithm>

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

// Called with leaf.ptl held.
void zap_pte_range(Mm& mm, PageTable& leaf, AddrRange range, TlbGather& gather) {
  Memory& memory = mm.system->memory;
  for (VirtAddr at = range.start; at < range.end; at = at + PageCount{1}) {
    const Pte pte = mm.page_tables.get(leaf, at);
    if (pte.pte_none()) continue;
    mm.page_tables.set(leaf, at, Pte{});
    if (!pte.pte_present()) continue;  // a marker: nobody remembers it
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

void tlb_gather_mmu(Mm& mm) { mm.tlb_flush_pending.write(mm.tlb_flush_pending.read() + 1); }

sim::Task<void> unmap_page_range(Mm& mm, AddrRange range, TlbGather& gather) {
  VirtAddr at = range.start;
  while (at < range.end) {
    const VirtAddr end = std::min(mm.page_tables.next_leaf(at), range.end);
    PageTable* leaf = mm.page_tables.leaf(at);
    if (leaf) {
      co_await leaf->ptl.lock();
      zap_pte_range(mm, *leaf, {at, end}, gather);
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

}  // namespace model
