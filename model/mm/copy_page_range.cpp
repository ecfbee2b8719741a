// SPDX-License-Identifier: Apache-2.0
// Follows mm/memory.c: copy_page_range, copy_present_pte and copy_nonpresent_pte.
#include "model/mm/copy_page_range.hpp"

#include <algorithm>

#include "model/mm/hugetlb.hpp"
#include "model/mm/rmap.hpp"
#include "model/mm/uffd_leaf.hpp"

namespace model {
namespace {

// What faults can bring back is not copied.
bool vma_needs_copy(const Vma& to, const Vma& from) {
  return to.userfaultfd_protected() || from.flags() & VM_MAYBE_GUARD || from.state.read().anon_vma != nullptr;
}

// Nobody else knows the child: its locks are free.
PageTable& child_leaf(Mm& child, VirtAddr address) {
  if (PageTable* leaf = child.page_tables.leaf(address)) return *leaf;
  const bool locked = child.page_tables.page_table_lock().try_lock();
  SIM_ASSERT(locked);
  PageTable& leaf = child.page_tables.alloc_leaf(address);
  child.page_tables.page_table_lock().unlock();
  return leaf;
}

// The leaf as the parent keeps it, once the child maps the page too: of a private mapping it allows no
// writes.
Pte shared(Memory& memory, const Vma& from, Pte pte) {
  if (memory.is_zero_page(pte.pte_pfn())) return pte;
  Folio& folio = memory.folio_at(pte.pte_pfn());
  if (folio.folio_test_anon()) {
    folio_dup_anon_rmap(folio);
  } else {
    memory.folio_get(folio);
    folio_add_file_rmap(folio);
  }
  return from.shared() ? pte : pte.pte_wrprotect();
}

// The leaf in a mapping that is not registered, as its parent is.
Pte unprotected(const Vma& from, Pte pte, PteAccess page_prot) {
  const bool rwp = uffd_leaf(from.flags(), pte) == UffdLeaf::access_protected;
  pte = pte.pte_clear_uffd_wp();
  return rwp ? pte.pte_modify(page_prot) : pte;
}

// Called with both pte locks held.
void copy_pte(PageTable& to_leaf, PageTable& from_leaf, Vma& to, Vma& from, VirtAddr at,
              PteAccess page_prot) {
  Mm& parent = *from.vm_mm;
  const Pte pte = parent.page_tables.get(from_leaf, at);
  if (pte.pte_none()) return;
  if (pte.is_marker(PteMarker::uffd_wp) && !to.userfaultfd_wp()) return;
  Pte copied = pte.without_scans_wp();
  if (pte.pte_present()) {
    copied = shared(parent.system->memory, from, pte);
    if (copied != pte) parent.page_tables.set(from_leaf, at, copied);
    if (from.shared()) copied = copied.pte_mkclean();
    if (!to.userfaultfd_protected()) copied = unprotected(from, copied, page_prot);
  }
  to.vm_mm->page_tables.set(to_leaf, at, copied);
}

}  // namespace

sim::Task<void> copy_page_range(Vma& to, Vma& from, PteAccess page_prot) {
  if (!vma_needs_copy(to, from)) co_return;
  if (from.is_vm_hugetlb_page()) {
    co_await copy_hugetlb_page_range(to, from);
    co_return;
  }
  const AddrRange range = from.state.read().range;
  VirtAddr at = range.start;
  while (at < range.end) {
    const VirtAddr end = std::min(from.vm_mm->page_tables.next_leaf(at), range.end);
    PageTable* from_leaf = from.vm_mm->page_tables.leaf(at);
    if (from_leaf) {
      PageTable& to_leaf = child_leaf(*to.vm_mm, at);
      co_await from_leaf->ptl.lock();
      // Only who unmaps a file's pages can be there already.
      if (!to_leaf.ptl.try_lock()) co_await to_leaf.ptl.lock();
      for (; at < end; at = at + PageCount{1}) copy_pte(to_leaf, *from_leaf, to, from, at, page_prot);
      to_leaf.ptl.unlock();
      from_leaf->ptl.unlock();
    }
    at = end;
  }
}

}  // namespace model
