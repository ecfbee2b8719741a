// SPDX-License-Identifier: Apache-2.0
// Follows mm/mprotect.c: change_protection and change_pte_range.
#include "model/fault/change_protection.hpp"

#include <algorithm>

#include "model/kernels/kernel.hpp"
#include "model/mm/tlb_gather.hpp"

namespace model {
namespace {

using Kind = ProtectionChange::Kind;

// Whether a leaf of a writable mapping may be written to without a fault that would look first: in a private
// one its own pages that no other process maps, in a shared one those that were written to already.
bool can_change_pte_writable(System& system, Pte pte, VmFlagBits vm_flags) {
  if (vm_flags & VM_SHARED) return pte.pte_dirty();
  return system.memory.folio_at(pte.pte_pfn()).state.read().anon_exclusive;
}

PteAccess access_after(System& system, Pte pte, const ProtectionChange& change) {
  const PteAccess access = vm_page_prot(*system.kernel, change.vm_flags);
  const bool left_to_fault =
      change.kind == Kind::resolve && change.write_after_resolve == WriteAfterResolve::left_to_fault;
  if (left_to_fault || !(change.vm_flags & VM_WRITE)) return access;
  return can_change_pte_writable(system, pte, change.vm_flags) ? PteAccess::write : access;
}

Pte changed_present(System& system, Pte pte, const ProtectionChange& change) {
  if (change.kind == Kind::rights) {
    return system.kernel->pte_change_rights(pte, access_after(system, pte, change), change.vm_flags);
  }
  if (change.kind == Kind::resolve) pte = pte.pte_clear_uffd_wp();
  const Pte now = pte.pte_modify(access_after(system, pte, change));
  return change.kind == Kind::protect ? now.pte_mkuffd_wp() : now;
}

Pte changed(System& system, Pte pte, const ProtectionChange& change) {
  if (pte.pte_present()) return changed_present(system, pte, change);
  const bool marks = change.kind == Kind::protect && change.unpopulated == Unpopulated::becomes_marker;
  if (pte.pte_none() && marks) return Pte::marker(PteMarker::uffd_wp);
  if (pte.is_marker(PteMarker::uffd_wp) && change.kind == Kind::resolve) return Pte{};
  return pte;
}

// Called with leaf.ptl held.
void change_pte_range(Mm& mm, PageTable& leaf, AddrRange range, const ProtectionChange& change,
                      AddrRange& flush) {
  for (VirtAddr at = range.start; at < range.end; at = at + PageCount{1}) {
    const Pte pte = mm.page_tables.get(leaf, at);
    const Pte now = changed(*mm.system, pte, change);
    if (now == pte) continue;
    mm.page_tables.set(leaf, at, now);
    if (now.access() >= pte.access()) continue;
    if (flush.empty()) flush.start = at;
    flush.end = at + PageCount{1};
  }
}

// The leaf table of the address; allocated where a marker will need one.
sim::Task<PageTable*> change_prepare(Mm& mm, VirtAddr address, Unpopulated unpopulated) {
  PageTables& tables = mm.page_tables;
  if (unpopulated == Unpopulated::becomes_marker && !tables.leaf(address)) {
    co_await tables.page_table_lock().lock();
    tables.alloc_leaf(address);
    tables.page_table_lock().unlock();
  }
  co_return tables.leaf(address);
}

}  // namespace

sim::Task<void> change_protection(Mm& mm, AddrRange range, ProtectionChange change) {
  TlbGather gather;
  tlb_gather_mmu(mm);
  VirtAddr at = range.start;
  while (at < range.end) {
    PageTable* leaf = co_await change_prepare(mm, at, change.unpopulated);
    const VirtAddr end = std::min(mm.page_tables.next_leaf(at), range.end);
    if (leaf) {
      co_await leaf->ptl.lock();
      change_pte_range(mm, *leaf, {at, end}, change, gather.range);
      leaf->ptl.unlock();
    }
    at = end;
  }
  co_await tlb_finish_mmu(mm, gather);
}

}  // namespace model
