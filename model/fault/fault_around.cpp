// SPDX-License-Identifier: Apache-2.0
// Follows mm/memory.c: do_fault_around, and mm/filemap.c: filemap_map_pages.
//
// Simplified: the pages below one table of the page table are looked up and mapped in one step; Linux tries
// the lock of one folio after the other meanwhile. A folio that is locked is passed over in both.
#include <algorithm>

#include "model/fault/file_fault.hpp"
#include "model/kernels/kernel.hpp"
#include "model/mm/rmap.hpp"

namespace model {
namespace {

constexpr std::uint64_t kAroundPages = 16;    // fault_around_bytes: 64 KiB
constexpr std::uint64_t kPtrsPerTable = 512;  // of the real machine, whatever the geometry of this one

// The pages that are looked at: as many as fit behind an aligned start, within the mapping and one page
// table.
AddrRange window_around(const VmFault& vmf) {
  const AddrRange mapping = vmf.vma->state.read().range;
  const std::uint64_t page = vmf.address.page_number();
  const std::uint64_t first = std::max(page - page % kAroundPages, mapping.start.page_number());
  const std::uint64_t table_end = page - page % kPtrsPerTable + kPtrsPerTable;
  const std::uint64_t end = std::min({first + kAroundPages, table_end, mapping.end.page_number()});
  return {{first * kPageSize}, {end * kPageSize}};
}

// The folio of the file that can be mapped at the address; null if there is none.
Folio* mappable(const Vma& vma, VirtAddr address) {
  Inode& inode = *vma.state.read().vm_file;
  const std::uint64_t index = vma.linear_page_index(address);
  Folio* folio = inode.i_pages.load(index);
  if (!folio || index >= inode.i_size.read()) return nullptr;
  return folio->lock.owner() == sim::kNoThread ? folio : nullptr;
}

// Called with leaf.ptl held.
void map_pages(VmFault& vmf, PageTable& leaf, AddrRange range) {
  PageTables& tables = vmf.mm->page_tables;
  Memory& memory = vmf.mm->system->memory;
  const PteAccess prot = vm_page_prot(*vmf.mm->system->kernel, vmf.vma->flags());
  for (VirtAddr at = range.start; at < range.end; at = at + PageCount{1}) {
    Folio* folio = mappable(*vmf.vma, at);
    if (!folio || !tables.get(leaf, at).pte_none()) continue;  // a marker is for its own fault
    memory.folio_get(*folio);
    folio_add_file_rmap(*folio);
    tables.set(leaf, at, Pte::present(memory.pfn_of(*folio), prot).pte_mkclean());
  }
}

bool anything_mappable(const Vma& vma, AddrRange range) {
  for (VirtAddr at = range.start; at < range.end; at = at + PageCount{1}) {
    if (mappable(vma, at)) return true;
  }
  return false;
}

}  // namespace

sim::Task<Around> do_fault_around(VmFault& vmf) {
  const bool wants_each = vmf.vma->userfaultfd_minor() || vmf.vma->userfaultfd_protected();
  if (wants_each) co_return Around::not_it;
  PageTables& tables = vmf.mm->page_tables;
  const AddrRange window = window_around(vmf);
  VirtAddr at = window.start;
  while (at < window.end) {
    co_await sim::point("filemap_map_pages");
    const std::uint64_t table = tables.leaf_table_span();
    const VirtAddr end = std::min(VirtAddr{(at.value / table + 1) * table}, window.end);
    if (anything_mappable(*vmf.vma, {at, end})) {
      PageTable* leaf = co_await pte_alloc(*vmf.mm, at);
      co_await leaf->ptl.lock();
      map_pages(vmf, *leaf, {at, end});
      leaf->ptl.unlock();
    }
    at = end;
  }
  const bool mapped = tables.walk(vmf.address).pte_present();
  co_return mapped ? Around::mapped_it : Around::not_it;
}

}  // namespace model
