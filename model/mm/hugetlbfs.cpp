// SPDX-License-Identifier: Apache-2.0
// Follows fs/hugetlbfs/inode.c: hugetlbfs_setattr, hugetlbfs_punch_hole, hugetlb_vmdelete_list,
// remove_inode_hugepages and hugetlb_unmap_file_folio; and mm/hugetlb.c: hugetlb_unreserve_pages.
//
// Simplified: pages are taken out of a file one after the other, not in batches.
#include <algorithm>
#include <bit>

#include "model/mm/hugetlb.hpp"
#include "model/mm/shmem.hpp"

namespace model {
namespace {

constexpr std::uint64_t kPages = kPagesPerHugePage;

std::uint64_t from(std::uint64_t index) { return index >= kMaxHugePages ? 0 : ~std::uint64_t{0} << index; }

// What was promised of these pages and is not taken returns to the pool; `freed` of them were in the file.
void hugetlb_unreserve_pages(System& system, Inode& inode, std::uint64_t pages, std::uint64_t freed) {
  auto& promised = inode.hugetlb->promised;
  const auto forgotten = static_cast<std::uint64_t>(std::popcount(promised.read() & pages));
  promised.write(promised.read() & ~pages);
  system.memory.unreserve_huge_pages(forgotten - freed);
}

void hugetlb_delete_from_page_cache(System& system, Inode& inode, std::uint64_t index) {
  Folio& folio = *inode.i_pages.load(index);
  inode.i_pages.store(system.page_cache_nodes, index, nullptr);
  folio.state.modify().mapping = nullptr;
  folio.state.modify().index = 0;
  system.memory.folio_put(folio);
}

// The part of the mapping that maps huge pages [first, end) of its file; empty if there is none.
AddrRange mapped_part(const Vma& vma, std::uint64_t first, std::uint64_t end) {
  const Vma::State& state = vma.state.read();
  const std::uint64_t begin = std::max(first * kPages, state.pgoff);
  const std::uint64_t to = std::min(end * kPages, state.pgoff + state.range.pages().value);
  if (begin >= to) return {};
  return {state.range.start + PageCount{begin - state.pgoff},
          state.range.start + PageCount{to - state.pgoff}};
}

sim::Task<void> unmap_part(Vma& vma, AddrRange part, HugeMarkers markers) {
  TlbGather gather;
  tlb_gather_mmu(*vma.vm_mm);
  co_await unmap_hugepage_range(vma, part, gather, markers);
  co_await tlb_finish_mmu(*vma.vm_mm, gather);
}

// Called with i_mmap_rwsem held for writing. A mapping whose lock is taken is passed over: its pages are
// looked at once more.
sim::Task<void> hugetlb_vmdelete_list(Inode& inode, std::uint64_t first, std::uint64_t end,
                                      HugeMarkers markers) {
  for (Vma& vma : inode.i_mmap) {
    const AddrRange part = mapped_part(vma, first, end);
    sim::RwLock& lock = vma.state.read().hugetlb->lock;
    if (part.empty() || !lock.try_write_lock()) continue;
    co_await unmap_part(vma, part, markers);
    lock.write_unlock();
  }
}

bool nobody_has_a_mapping(const void* object, sim::ThreadId) {
  for (const Vma& vma : static_cast<const Inode*>(object)->i_mmap.peek()) {
    if (!vma.state.peek().hugetlb->lock.idle()) return false;
  }
  return true;
}

// Called with the fault mutex of the page held.
sim::Task<void> hugetlb_unmap_file_folio(Inode& inode, std::uint64_t index) {
  for (;;) {
    bool busy = false;
    co_await inode.i_mmap_rwsem.write_lock();
    for (Vma& vma : inode.i_mmap) {
      const AddrRange part = mapped_part(vma, index, index + 1);
      if (part.empty()) continue;
      const Pte pte = vma.vm_mm->page_tables.walk(part.start);
      const Folio* folio = inode.i_pages.load(index);
      Memory& memory = vma.vm_mm->system->memory;
      if (!pte.pte_present() || &memory.folio_at(pte.pte_pfn()) != folio) continue;
      sim::RwLock& lock = vma.state.read().hugetlb->lock;
      busy = !lock.try_write_lock();
      if (busy) break;
      co_await unmap_part(vma, part, HugeMarkers::dropped);
      lock.write_unlock();
    }
    inode.i_mmap_rwsem.write_unlock();
    if (!busy) co_return;
    co_await sim::PointWhen(nobody_has_a_mapping, &inode, "hugetlb vma lock");
  }
}

// Pages [first, end) leave the file. Called with the file's lock held.
enum class Removal : std::uint8_t { hole, truncation };
sim::Task<void> remove_inode_hugepages(System& system, Inode& inode, std::uint64_t first, std::uint64_t end,
                                       Removal removal) {
  std::uint64_t freed = 0;
  for (std::uint64_t at = first;; ++at) {
    co_await sim::point("filemap_get_folios");
    at = inode.i_pages.find(at, end);
    if (at >= end) break;
    sim::Lock& mutex = inode.hugetlb->fault_mutex(at);
    co_await mutex.lock();
    if (inode.i_pages.load(at)->state.read().mapcount > 0) co_await hugetlb_unmap_file_folio(inode, at);
    hugetlb_delete_from_page_cache(system, inode, at);
    ++freed;
    if (removal == Removal::hole) hugetlb_unreserve_pages(system, inode, from(at) & ~from(at + 1), 1);
    mutex.unlock();
  }
  if (removal == Removal::truncation) hugetlb_unreserve_pages(system, inode, from(first), freed);
}

// The part of a page that a hole covers.
sim::Task<void> hugetlbfs_zero_partial_page(Inode& inode, std::uint64_t first, std::uint64_t end) {
  const bool has_the_first_byte = first % kPages == 0 && first < end;
  if (!has_the_first_byte) co_return;
  co_await sim::point("hugetlbfs_zero_partial_page");
  Folio* folio = inode.i_pages.load(first / kPages);
  if (folio) folio->state.modify().content = 0;
}

}  // namespace

Inode& hugetlb_file_setup(System& system, std::uint64_t pages) {
  Inode& inode = shmem_file_setup(system, pages);
  inode.hugetlb = system.hugetlb_inode_cache.allocate();
  return inode;
}

void hugetlbfs_evict_inode(System& system, Inode& inode) {
  std::uint64_t freed = 0;
  for (std::uint64_t at = 0; (at = inode.i_pages.find(at, kMaxHugePages)) < kMaxHugePages; ++freed) {
    hugetlb_delete_from_page_cache(system, inode, at);
  }
  hugetlb_unreserve_pages(system, inode, from(0), freed);
  system.hugetlb_inode_cache.release(inode.hugetlb);
  inode.hugetlb = nullptr;
}

Errno hugetlb_add_to_page_cache(System& system, Inode& inode, std::uint64_t index, Folio& folio) {
  if (inode.i_pages.load(index)) return Errno::exist;
  inode.i_pages.store(system.page_cache_nodes, index, &folio);
  Folio::State& state = folio.state.modify();
  ++state.refcount;
  state.mapping = &inode;
  state.index = index * kPages;
  state.restore_reserve = false;
  return Errno::none;
}

sim::Task<Errno> hugetlbfs_setattr(System& system, Inode& inode, std::uint64_t pages) {
  if (pages % kPages != 0 || pages / kPages > kMaxHugePages) co_return Errno::inval;
  co_await inode.i_rwsem.lock();
  inode.i_size.write(pages);
  co_await inode.i_mmap_rwsem.write_lock();
  co_await hugetlb_vmdelete_list(inode, pages / kPages, kMaxHugePages, HugeMarkers::dropped);
  inode.i_mmap_rwsem.write_unlock();
  co_await remove_inode_hugepages(system, inode, pages / kPages, kMaxHugePages, Removal::truncation);
  inode.i_rwsem.unlock();
  co_return Errno::none;
}

sim::Task<void> hugetlbfs_punch_hole(System& system, Inode& inode, std::uint64_t first, std::uint64_t pages) {
  const std::uint64_t end = first + pages;
  const std::uint64_t hole = (first + kPages - 1) / kPages;
  const std::uint64_t hole_end = end / kPages;
  co_await inode.i_rwsem.lock();
  co_await inode.i_mmap_rwsem.write_lock();
  if (hole_end > hole) co_await hugetlb_vmdelete_list(inode, hole, hole_end, HugeMarkers::stay);
  co_await hugetlbfs_zero_partial_page(inode, std::max(first, hole_end * kPages), end);
  inode.i_mmap_rwsem.write_unlock();
  if (hole_end > hole) co_await remove_inode_hugepages(system, inode, hole, hole_end, Removal::hole);
  inode.i_rwsem.unlock();
}

}  // namespace model
