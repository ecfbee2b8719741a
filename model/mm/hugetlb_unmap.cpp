// SPDX-License-Identifier: Apache-2.0
// Follows mm/hugetlb.c: __unmap_hugepage_range, hugetlb_zap_begin and unmap_ref_private.
//
// Simplified: a promise comes back only with a page that nobody else maps. In Linux it comes back to its
// owner also while a child still maps the page, which returns to the pool later.
#include <algorithm>

#include "model/kernels/kernel.hpp"
#include "model/mm/hugetlb.hpp"
#include "model/mm/rmap.hpp"

namespace model {
namespace {

AddrRange huge_range(VirtAddr at) { return {at, at + PageCount{kPagesPerHugePage}}; }

void extend(AddrRange& flush, AddrRange page) {
  flush = flush.empty() ? page : AddrRange{std::min(flush.start, page.start), std::max(flush.end, page.end)};
}

// Takes the page out of the mapping. Called with the pte lock held.
void unmap_page(Vma& vma, VirtAddr at, Folio& folio, TlbGather& gather) {
  System& system = *vma.vm_mm->system;
  extend(gather.range, huge_range(at));
  folio_remove_rmap(folio);
  if (system.kernel->zap_promise == ZapPromise::comes_back && folio.state.read().mapcount == 0)
    restore_reserve_on_zap(vma, at, folio);
  GatheredPage* page = system.gather_cache.allocate();
  page->folio = &folio;
  gather.pages.push_back(*page);
}

// Called with table.ptl held.
void unmap_entry(Vma& vma, PageTable& table, VirtAddr at, TlbGather& gather, HugeMarkers markers,
                 const Folio* only) {
  Mm& mm = *vma.vm_mm;
  const Pte pte = mm.page_tables.huge_ptep_get(table, at);
  const Pte wp_marker = Pte::marker(PteMarker::uffd_wp);
  if (pte.pte_none()) return;
  if (!pte.pte_present()) {
    const bool stays = pte.is_marker(PteMarker::uffd_wp) && markers == HugeMarkers::stay;
    if (!only && !stays) mm.page_tables.set_huge_pte_at(table, at, Pte{});
    return;
  }
  Folio& folio = mm.system->memory.folio_at(pte.pte_pfn());
  if (only && only != &folio) return;
  if (only) vma.state.read().hugetlb->robbed.write(true);
  const bool marks = pte.pte_uffd_wp() == UffdWp::set && markers == HugeMarkers::stay;
  mm.page_tables.set_huge_pte_at(table, at, marks ? wp_marker : Pte{});
  unmap_page(vma, at, folio, gather);
}

}  // namespace

sim::Task<void> unmap_hugepage_range(Vma& vma, AddrRange range, TlbGather& gather, HugeMarkers markers,
                                     const Folio* only) {
  for (VirtAddr at = range.start; at < range.end; at = at + PageCount{kPagesPerHugePage}) {
    PageTable* table = vma.vm_mm->page_tables.huge_pte_offset(at);
    if (!table) continue;
    co_await table->ptl.lock();
    unmap_entry(vma, *table, at, gather, markers, only);
    table->ptl.unlock();
  }
}

sim::Task<void> zap_hugepage_range(Vma& vma, AddrRange range, TlbGather& gather, HugeMarkers markers) {
  sim::RwLock& vma_lock = vma.state.read().hugetlb->lock;
  sim::RwLock& file_lock = vma.state.read().vm_file->i_mmap_rwsem;
  co_await vma_lock.write_lock();
  co_await file_lock.write_lock();
  co_await unmap_hugepage_range(vma, range, gather, markers);
  file_lock.write_unlock();
  vma_lock.write_unlock();
}

sim::Task<void> unmap_ref_private(Vma& vma, const Folio& folio, VirtAddr address) {
  Inode& inode = *vma.state.read().vm_file;
  const std::uint64_t index = vma.linear_page_index(address);
  co_await inode.i_mmap_rwsem.write_lock();
  for (Vma& other : inode.i_mmap) {
    const Vma::State& state = other.state.read();
    const bool covers = state.pgoff <= index && index < state.pgoff + state.range.pages().value;
    if (&other == &vma || other.shared() || state.hugetlb->resv || !covers) continue;
    const VirtAddr at = state.range.start + PageCount{index - state.pgoff};
    TlbGather gather;
    tlb_gather_mmu(*other.vm_mm);
    co_await unmap_hugepage_range(other, huge_range(at), gather, HugeMarkers::stay, &folio);
    co_await tlb_finish_mmu(*other.vm_mm, gather);
  }
  inode.i_mmap_rwsem.write_unlock();
}

}  // namespace model
