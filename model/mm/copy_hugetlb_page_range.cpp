// SPDX-License-Identifier: Apache-2.0
// Follows mm/hugetlb.c: copy_hugetlb_page_range.
#include "model/kernels/kernel.hpp"
#include "model/mm/hugetlb.hpp"
#include "model/mm/rmap.hpp"

namespace model {
namespace {

// Nobody else knows the child: its locks are free.
PageTable& child_table(Mm& child, VirtAddr address) {
  if (PageTable* table = child.page_tables.huge_pte_offset(address)) return *table;
  const bool locked = child.page_tables.page_table_lock().try_lock();
  SIM_ASSERT(locked);
  PageTable& table = child.page_tables.huge_pte_alloc(address);
  child.page_tables.page_table_lock().unlock();
  return table;
}

// What both have from now on: no write goes to a page that two private mappings share.
Pte shared(PageTable& table, Vma& from, VirtAddr at, Pte pte) {
  Memory& memory = from.vm_mm->system->memory;
  Folio& folio = memory.folio_at(pte.pte_pfn());
  if (folio.folio_test_anon()) {
    folio_dup_anon_rmap(folio);
  } else {
    memory.folio_get(folio);
    folio_add_file_rmap(folio);
  }
  if (from.shared()) return pte;
  from.vm_mm->page_tables.set_huge_pte_at(table, at, pte.pte_wrprotect());
  return pte.pte_wrprotect();
}

// Called with both pte locks held.
void copy_entry(PageTable& to_table, PageTable& from_table, Vma& to, Vma& from, VirtAddr at) {
  const Pte pte = from.vm_mm->page_tables.huge_ptep_get(from_table, at);
  if (pte.pte_none()) return;
  if (pte.is_marker(PteMarker::uffd_wp) && !to.userfaultfd_wp()) return;
  Pte copied = pte;
  if (pte.pte_present()) {
    copied = shared(from_table, from, at, pte);
    const bool drops = to.vm_mm->system->kernel->forked_wp == ForkedWp::dropped;
    if (drops && !to.userfaultfd_wp()) copied = copied.pte_clear_uffd_wp();
  }
  to.vm_mm->page_tables.set_huge_pte_at(to_table, at, copied);
}

}  // namespace

sim::Task<void> copy_hugetlb_page_range(Vma& to, Vma& from) {
  const AddrRange range = from.state.read().range;
  sim::RwLock& vma_lock = from.state.read().hugetlb->lock;
  if (from.shared()) co_await vma_lock.read_lock();
  for (VirtAddr at = range.start; at < range.end; at = at + PageCount{kPagesPerHugePage}) {
    PageTable* from_table = from.vm_mm->page_tables.huge_pte_offset(at);
    if (!from_table) continue;
    PageTable& to_table = child_table(*to.vm_mm, at);
    co_await from_table->ptl.lock();
    // Only who unmaps a file's pages can be there already.
    if (!to_table.ptl.try_lock()) co_await to_table.ptl.lock();
    copy_entry(to_table, *from_table, to, from, at);
    to_table.ptl.unlock();
    from_table->ptl.unlock();
  }
  if (from.shared()) vma_lock.read_unlock();
}

sim::Task<PageTable*> huge_pte_alloc(Mm& mm, VirtAddr address) {
  PageTables& tables = mm.page_tables;
  if (!tables.huge_pte_offset(address)) {
    co_await tables.page_table_lock().lock();
    tables.huge_pte_alloc(address);
    tables.page_table_lock().unlock();
  }
  co_return tables.huge_pte_offset(address);
}

}  // namespace model
