// SPDX-License-Identifier: Apache-2.0
// Follows mm/mremap.c: move_page_tables and move_ptes.
//
// Simplified: leaf by leaf; Linux moves a whole table where both ends fit. Hides what khugepaged does
// meanwhile.
#include "model/mm/move_page_tables.hpp"

#include <algorithm>

#include "model/mm/system.hpp"

namespace model {
namespace {

// Where the leaf table of the address ends.
VirtAddr leaf_end(const PageTables& tables, VirtAddr address) {
  const std::uint64_t span = tables.leaf_table_span();
  return {(address.value / span + 1) * span};
}

sim::Task<PageTable*> alloc_new_leaf(Mm& mm, VirtAddr address) {
  PageTables& tables = mm.page_tables;
  if (!tables.leaf(address)) {
    co_await tables.page_table_lock().lock();
    tables.alloc_leaf(address);
    tables.page_table_lock().unlock();
  }
  co_return tables.leaf(address);
}

Pte moved(Pte pte, MovedLeaves how) {
  if (how.wp == MovedWp::kept) return pte;
  if (pte.is_marker(PteMarker::uffd_wp)) return Pte{};
  if (!pte.pte_present()) return pte.without_scans_wp();
  const bool rwp = pte.pte_uffd_wp() == UffdWp::set && pte.pte_protnone();
  return rwp ? pte.pte_clear_uffd_wp().pte_modify(how.page_prot) : pte.pte_clear_uffd_wp();
}

struct Leaves {
  PageTable* from = nullptr;
  PageTable* to = nullptr;  // may be the same
};

// Called with both pte locks held. True if TLBs may know of something that went.
bool move_ptes(Mm& mm, Leaves leaves, AddrRange from, VirtAddr to, MovedLeaves how) {
  bool flush = false;
  for (VirtAddr at = from.start; at < from.end; at = at + PageCount{1}, to = to + PageCount{1}) {
    const Pte pte = mm.page_tables.get(*leaves.from, at);
    if (pte.pte_none()) continue;
    SIM_ASSERT(mm.page_tables.get(*leaves.to, to).pte_none());
    flush = flush || pte.pte_present();
    mm.page_tables.set(*leaves.from, at, Pte{});
    mm.page_tables.set(*leaves.to, to, moved(pte, how));
  }
  return flush;
}

// One piece, which lies in one leaf table at either place. The order of the two locks is not that of
// UFFDIO_MOVE: mmap_lock keeps out everybody else who takes two.
sim::Task<void> move_piece(Mm& mm, Leaves leaves, AddrRange from, VirtAddr to, MovedLeaves how) {
  co_await leaves.from->ptl.lock();
  if (leaves.to != leaves.from) co_await leaves.to->ptl.lock();
  const bool flush = move_ptes(mm, leaves, from, to, how);
  if (flush) {
    co_await sim::point("flush_tlb_range");
    mm.flush_tlb_range(from);
  }
  if (leaves.to != leaves.from) leaves.to->ptl.unlock();
  leaves.from->ptl.unlock();
}

}  // namespace

sim::Task<void> move_page_tables(Mm& mm, AddrRange from, VirtAddr to, MovedLeaves how, Inode* file) {
  PageTables& tables = mm.page_tables;
  VirtAddr at = from.start;
  while (at < from.end) {
    const VirtAddr target{to.value + (at - from.start)};
    const std::uint64_t room = leaf_end(tables, target) - target;
    const VirtAddr end = std::min({leaf_end(tables, at), from.end, VirtAddr{at.value + room}});
    Leaves leaves{.from = tables.leaf(at)};
    if (leaves.from) {
      leaves.to = co_await alloc_new_leaf(mm, target);
      if (file) co_await file->i_mmap_rwsem.write_lock();
      co_await move_piece(mm, leaves, {at, end}, target, how);
      if (file) file->i_mmap_rwsem.write_unlock();
    }
    at = end;
  }
}

}  // namespace model
