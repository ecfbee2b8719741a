// SPDX-License-Identifier: Apache-2.0
// Follows mm/hugetlb.c: hugetlb_change_protection.
#include "model/fault/change_protection.hpp"
#include "model/kernels/kernel.hpp"
#include "model/mm/hugetlb.hpp"

namespace model {
namespace {

using Kind = ProtectionChange::Kind;

// The right to write comes back with the next fault, which looks first; but a shared mapping that nobody
// tracks gives it at once.
Pte changed(const Kernel& kernel, Pte pte, const ProtectionChange& change) {
  if (pte.pte_none()) return change.kind == Kind::protect ? Pte::marker(PteMarker::uffd_wp) : pte;
  if (!pte.pte_present()) {
    const bool lifted = change.kind == Kind::resolve && pte.is_marker(PteMarker::uffd_wp);
    return lifted ? Pte{} : pte;
  }
  if (change.kind == Kind::resolve) pte = pte.pte_clear_uffd_wp();
  const Pte now = pte.pte_modify(vm_page_prot(kernel, change.vm_flags));
  return change.kind == Kind::protect ? now.pte_mkuffd_wp() : now;
}

}  // namespace

sim::Task<void> hugetlb_change_protection(Vma& vma, AddrRange range, ProtectionChange change) {
  Mm& mm = *vma.vm_mm;
  sim::RwLock& vma_lock = vma.state.read().hugetlb->lock;
  sim::RwLock& file_lock = vma.state.read().vm_file->i_mmap_rwsem;
  TlbGather gather;
  tlb_gather_mmu(mm);
  co_await vma_lock.write_lock();
  co_await file_lock.write_lock();
  for (VirtAddr at = range.start; at < range.end; at = at + PageCount{kPagesPerHugePage}) {
    PageTable* table = mm.page_tables.huge_pte_offset(at);
    if (!table && change.kind == Kind::protect) table = co_await huge_pte_alloc(mm, at);
    if (!table) continue;
    co_await table->ptl.lock();
    const Pte pte = mm.page_tables.huge_ptep_get(*table, at);
    const Pte now = changed(*mm.system->kernel, pte, change);
    if (now != pte) mm.page_tables.set_huge_pte_at(*table, at, now);
    if (now.access() < pte.access()) {
      if (gather.range.empty()) gather.range.start = at;
      gather.range.end = at + PageCount{kPagesPerHugePage};
    }
    table->ptl.unlock();
  }
  co_await tlb_finish_mmu(mm, gather);
  file_lock.write_unlock();
  vma_lock.write_unlock();
}

}  // namespace model
