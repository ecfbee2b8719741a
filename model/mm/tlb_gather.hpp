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

// What emptying a range means for what is not simply a page of it.
struct ZapDetails {
  // Of a file's mapping: UFFD_WP markers are dropped, or stay; the uffd-wp bits may become markers too, so
  // that the protection outlives the page.
  enum class Markers : std::uint8_t { dropped, kept, bits_become_markers } markers = Markers::dropped;
  // A private mapping's own pages, and markers of poisoned ones.
  enum class Cows : std::uint8_t { zapped, kept } cows = Cows::zapped;
  // Guard pages: they go with the mapping, and stay where it is only emptied.
  enum class Guards : std::uint8_t { go, stay } guards = Guards::go;
};

// What a mapping's write protection becomes where its pages are unmapped and may be mapped again: of a file's
// page it stays as a marker, of anonymous memory nothing does.
ZapDetails::Markers markers_of(const Vma& vma);

// Announces that page table entries of `mm` are about to be cleared.
void tlb_gather_mmu(Mm& mm);

// Clears the leaves of [range]. Called with mmap_lock held, with the mapping's lock, or with that of the
// mappings of a file. Takes and releases pte locks.
sim::Task<void> unmap_page_range(Mm& mm, AddrRange range, TlbGather& gather, ZapDetails details = {});

// Empties a range of a mapping that stays, of whole pages of its size. Called and returns as
// unmap_page_range; of huge pages it takes the locks of the mapping and of its file.
sim::Task<void> zap_page_range_single(Mm& mm, Vma& vma, AddrRange range);

// Flushes TLBs, then frees what was gathered.
sim::Task<void> tlb_finish_mmu(Mm& mm, TlbGather& gather);

}  // namespace model
