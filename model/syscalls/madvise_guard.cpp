// SPDX-License-Identifier: Apache-2.0
// Follows mm/madvise.c: madvise_guard_install and madvise_guard_remove. Since 6.13.
//
// Simplified: as often as it takes; Linux gives up after three tries and begins the system call again.
#include <algorithm>

#include "model/mm/rmap.hpp"
#include "model/mm/tlb_gather.hpp"
#include "model/syscalls/madvise.hpp"

namespace model {
namespace {

sim::Task<PageTable*> leaf_for_guards(Mm& mm, VirtAddr address) {
  PageTables& tables = mm.page_tables;
  if (!tables.leaf(address)) {
    co_await tables.page_table_lock().lock();
    tables.alloc_leaf(address);
    tables.page_table_lock().unlock();
  }
  co_return tables.leaf(address);
}

// Up to the first page that is not empty. Called with leaf.ptl held.
enum class Installed : std::uint8_t { all, not_all };
Installed guard_install_pte_range(Mm& mm, PageTable& leaf, AddrRange range) {
  for (VirtAddr at = range.start; at < range.end; at = at + PageCount{1}) {
    const Pte pte = mm.page_tables.get(leaf, at);
    if (pte.is_guard()) continue;
    if (!pte.pte_none()) return Installed::not_all;
    mm.page_tables.set(leaf, at, Pte::marker(PteMarker::guard));
  }
  return Installed::all;
}

sim::Task<Installed> guard_install_once(Mm& mm, AddrRange range) {
  VirtAddr at = range.start;
  while (at < range.end) {
    PageTable* leaf = co_await leaf_for_guards(mm, at);
    const VirtAddr end = std::min(mm.page_tables.next_leaf(at), range.end);
    co_await leaf->ptl.lock();
    const Installed installed = guard_install_pte_range(mm, *leaf, {at, end});
    leaf->ptl.unlock();
    if (installed == Installed::not_all) co_return installed;
    at = end;
  }
  co_return Installed::all;
}

bool is_valid_guard_vma(const Vma& vma) { return !vma.is_vm_hugetlb_page(); }

}  // namespace

sim::Task<Errno> madvise_guard_install(Mm& mm, Vma& vma, AddrRange& range) {
  if (!is_valid_guard_vma(vma)) co_return Errno::inval;
  co_await sim::point("vma_set_atomic_flag");
  Vma::State& state = vma.state.modify();
  state.flags |= VM_MAYBE_GUARD;
  if (vma.vma_is_anonymous()) co_await anon_vma_prepare(mm, vma);
  for (;;) {
    const Installed installed = co_await guard_install_once(mm, range);
    if (installed == Installed::all) co_return Errno::none;
    if (sim::current_thread().fatal_signal) co_return Errno::intr;
    co_await zap_page_range_single(mm, vma, range);
  }
}

sim::Task<Errno> madvise_guard_remove(Mm& mm, Vma& vma, AddrRange& range) {
  if (!is_valid_guard_vma(vma)) co_return Errno::inval;
  VirtAddr at = range.start;
  while (at < range.end) {
    const VirtAddr end = std::min(mm.page_tables.next_leaf(at), range.end);
    PageTable* leaf = mm.page_tables.leaf(at);
    if (leaf) {
      co_await leaf->ptl.lock();
      for (; at < end; at = at + PageCount{1}) {
        if (mm.page_tables.get(*leaf, at).is_guard()) mm.page_tables.set(*leaf, at, Pte{});
      }
      leaf->ptl.unlock();
    }
    at = end;
  }
  co_return Errno::none;
}

}  // namespace model
