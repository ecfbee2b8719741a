// SPDX-License-Identifier: Apache-2.0
// TlbGather: pages taken out of page tables whose frames may not be freed before every CPU has forgotten
// them (mmu_gather).
#pragma once
#include "model/mm/mm.hpp"
#include "model/mm/system.hpp"

namespace model {

struct TlbGather {
  List<GatheredPage, &GatheredPage::link> pages;
  AddrRange range;  // what must be flushed; empty if nothing was cleared
};

// Announces that page table entries of `mm` are about to be cleared.
void tlb_gather_mmu(Mm& mm);

// Clears the leaves of [range] of one mapping. Called with mmap_lock held, or with the mapping's lock.
// Takes and releases pte locks.
sim::Task<void> unmap_page_range(Mm& mm, AddrRange range, TlbGather& gather);

// Flushes TLBs, then frees what was gathered.
sim::Task<void> tlb_finish_mmu(Mm& mm, TlbGather& gather);

}  // namespace model
