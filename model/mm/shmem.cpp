// SPDX-License-Identifier: Apache-2.0
// Follows mm/shmem.c (shmem_undo_range) and mm/truncate.c.
//
// Simplified: truncation takes one folio after the other out of a file, not a batch whose locks it holds
// together.
#include "model/mm/shmem.hpp"

#include <algorithm>

#include "model/mm/hugetlb.hpp"
#include "model/mm/tlb_gather.hpp"

namespace model {
namespace {

// The part of the mapping that maps pages [first, end) of its file; empty if there is none.
AddrRange mapped_part(const Vma& vma, std::uint64_t first, std::uint64_t end) {
  const Vma::State& state = vma.state.read();
  const std::uint64_t from = std::max(first, state.pgoff);
  const std::uint64_t to = std::min(end, state.pgoff + state.range.pages().value);
  if (from >= to) return {};
  return {state.range.start + PageCount{from - state.pgoff}, state.range.start + PageCount{to - state.pgoff}};
}

sim::Task<void> unmap_mapping_range_vma(Vma& vma, AddrRange range, ZapDetails details) {
  Mm& mm = *vma.vm_mm;
  TlbGather gather;
  tlb_gather_mmu(mm);
  co_await unmap_page_range(mm, range, gather, details);
  co_await tlb_finish_mmu(mm, gather);
}

// Takes a folio, locked and with a reference, out of the file; both are given up.
sim::Task<void> truncate_inode_folio(System& system, Inode& inode, Folio& folio) {
  if (folio.state.read().mapping == &inode) {
    // Somebody may have mapped it since everything was unmapped.
    if (folio.state.read().mapcount > 0) co_await unmap_mapping_folio(inode, folio);
    filemap_remove_folio(system, folio);
  }
  folio.lock.unlock();
  system.memory.folio_put(folio);
}

// The same for the page that the file has at the index, if it has one.
sim::Task<void> truncate_page_at(System& system, Inode& inode, std::uint64_t index) {
  co_await sim::point("filemap_get_entry");
  Folio* folio = inode.i_pages.load(index);
  if (!folio) co_return;
  system.memory.folio_get(*folio);
  co_await folio->lock.lock();
  co_await truncate_inode_folio(system, inode, *folio);
}

}  // namespace

Inode& shmem_file_setup(System& system, std::uint64_t pages) {
  Inode& inode = *system.inode_cache.allocate();
  inode.i_size.write(pages);
  inode.refs.write(1);
  return inode;
}

void iput(System& system, Inode& inode) {
  SIM_ASSERT(inode.refs.read() > 0);
  inode.refs.write(inode.refs.read() - 1);
  if (inode.refs.read() > 0) return;
  SIM_ASSERT(inode.i_mmap.empty());
  if (inode.hugetlb) hugetlbfs_evict_inode(system, inode);
  for (std::uint64_t at = 0; (at = inode.i_pages.find(at, kMaxFilePages)) < kMaxFilePages;) {
    filemap_remove_folio(system, *inode.i_pages.load(at));
  }
  inode.i_pages.free(system.page_cache_nodes);
  system.inode_cache.release(&inode);
}

Errno shmem_add_to_page_cache(System& system, Inode& inode, std::uint64_t index, Folio& folio) {
  if (inode.i_pages.load(index)) return Errno::exist;
  inode.i_pages.store(system.page_cache_nodes, index, &folio);
  Folio::State& state = folio.state.modify();
  ++state.refcount;
  state.mapping = &inode;
  state.index = index;
  return Errno::none;
}

void filemap_remove_folio(System& system, Folio& folio) {
  Folio::State& state = folio.state.modify();
  state.mapping->i_pages.store(system.page_cache_nodes, state.index, nullptr);
  state.mapping = nullptr;
  state.index = 0;
  system.memory.folio_put(folio);
}

sim::Task<void> unmap_mapping_range(Inode& inode, std::uint64_t first, std::uint64_t end,
                                    EvenCows even_cows) {
  const auto cows = even_cows == EvenCows::yes ? ZapDetails::Cows::zapped : ZapDetails::Cows::kept;
  co_await inode.i_mmap_rwsem.read_lock();
  for (Vma& vma : inode.i_mmap) {
    const AddrRange part = mapped_part(vma, first, end);
    const ZapDetails details{markers_of(vma), cows, ZapDetails::Guards::stay};
    if (!part.empty()) co_await unmap_mapping_range_vma(vma, part, details);
  }
  inode.i_mmap_rwsem.read_unlock();
}

sim::Task<void> unmap_mapping_folio(Inode& inode, const Folio& folio) {
  const std::uint64_t index = folio.state.read().index;
  // Guard pages at this index go too, though they map nothing: Linux drops every marker here.
  const ZapDetails details{ZapDetails::Markers::dropped, ZapDetails::Cows::kept, ZapDetails::Guards::go};
  co_await inode.i_mmap_rwsem.read_lock();
  for (Vma& vma : inode.i_mmap) {
    const AddrRange part = mapped_part(vma, index, index + 1);
    if (!part.empty()) co_await unmap_mapping_range_vma(vma, part, details);
  }
  inode.i_mmap_rwsem.read_unlock();
}

sim::Task<void> shmem_truncate_range(System& system, Inode& inode, std::uint64_t first, std::uint64_t end) {
  // Those that nobody has locked.
  for (std::uint64_t at = first;; ++at) {
    co_await sim::point("find_lock_entries");
    at = inode.i_pages.find(at, end);
    if (at >= end) break;
    Folio& folio = *inode.i_pages.load(at);
    if (!folio.lock.try_lock()) continue;
    system.memory.folio_get(folio);
    co_await truncate_inode_folio(system, inode, folio);
  }
  // The first and the last once more: they could have been cut in two.
  co_await truncate_page_at(system, inode, first);
  const bool has_last = end < kMaxFilePages && end - 1 > first;
  if (has_last) co_await truncate_page_at(system, inode, end - 1);
  // And those that were locked, or have come since. A truncated file must be empty in the end; a hole need
  // not.
  for (std::uint64_t at = first;;) {
    co_await sim::point("find_get_entries");
    const std::uint64_t found = inode.i_pages.find(at, end);
    if (found < end) {
      co_await truncate_page_at(system, inode, found);
      at = found + 1;
    } else if (at == first || end < kMaxFilePages) {
      break;
    } else {
      at = first;
    }
  }
}

}  // namespace model
