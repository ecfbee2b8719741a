// SPDX-License-Identifier: Apache-2.0
// Follows mm/mprotect.c: change_protection and change_pte_range.
#include "model/fault/change_protection.hpp"

#include <algorithm>

#include "model/fault/fault.hpp"
#include "model/mm/tlb_gather.hpp"

namespace model {
namespace {

using Kind = ProtectionChange::Kind;

Pte changed_present(const Memory& memory, Pte pte, const ProtectionChange& change) {
  const bool zero_page = memory.is_zero_page(pte.pte_pfn());
  PteAccess access = zero_page ? zero_page_access(change.vm_flags) : pte_access_of(change.vm_flags);
  const bool shared = !zero_page && !memory.peek(pte.pte_pfn()).state.read().anon_exclusive;
  if (shared && access == PteAccess::write) access = PteAccess::read;  // can_change_pte_writable
  if (change.kind == Kind::rights) return Pte::present(pte.pte_pfn(), access, pte.pte_uffd_wp());
  if (change.kind == Kind::protect) return Pte::present(pte.pte_pfn(), access, UffdWp::set);
  const bool left_to_fault = change.write_after_resolve == WriteAfterResolve::left_to_fault;
  if (left_to_fault && access == PteAccess::write) access = PteAccess::read;
  return Pte::present(pte.pte_pfn(), access, UffdWp::clear);
}

Pte changed(const Memory& memory, Pte pte, const ProtectionChange& change) {
  if (pte.pte_present()) return changed_present(memory, pte, change);
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
    const Pte now = changed(mm.system->memory, pte, change);
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
