// SPDX-License-Identifier: Apache-2.0
// Follows mm/mmap.c: do_vmi_align_munmap.
#include <algorithm>

#include "model/mm/hugetlb.hpp"
#include "model/mm/tlb_gather.hpp"
#include "model/mm/vma_modify.hpp"
#include "model/syscalls/syscalls.hpp"
#include "model/uffd/range.hpp"

namespace model {
namespace {

bool may_split_at_ends(Mm& mm, AddrRange range) {
  for (const VirtAddr edge : {range.start, range.end}) {
    const Vma* vma = mm.vmas.vma_lookup(edge);
    if (vma && !vma->may_split(edge)) return false;
  }
  return true;
}

// Splits the mappings at the range's ends, so that each lies inside or outside.
sim::Task<void> split_at_ends(Mm& mm, AddrRange range) {
  for (const VirtAddr edge : {range.start, range.end}) {
    Vma* vma = mm.vmas.vma_lookup(edge);
    if (vma && vma->start() < edge) {
      Vma* upper = co_await split_vma(mm, *vma, edge);
      static_cast<void>(upper);
    }
  }
}

// Moves the mappings of the range out of the address space, noting the contexts that must hear of it.
sim::Task<void> detach_range(Mm& mm, AddrRange range, VmaTree& detached, PendingUnmaps& unmaps) {
  for (;;) {
    Vma* vma = mm.vmas.find_intersection(range);
    if (!vma) co_return;
    co_await vma_start_write(mm, *vma);
    co_await unmaps.prepare(*vma, range);
    detach_vma(mm, *vma);
    detached.insert(*vma);
  }
}

sim::Task<void> unmap_huge_pages(VmaTree& detached, TlbGather& gather) {
  for (Vma* vma = detached.find_vma(VirtAddr{0}); vma; vma = detached.next(*vma)) {
    if (!vma->is_vm_hugetlb_page()) continue;
    co_await zap_hugepage_range(*vma, vma->state.read().range, gather, HugeMarkers::dropped);
  }
}

// Empties the page tables of the range and frees the tables that no neighbour uses.
sim::Task<void> unmap_region(Mm& mm, AddrRange range, VmaTree& detached) {
  TlbGather gather;
  tlb_gather_mmu(mm);
  co_await unmap_page_range(mm, range, gather);
  co_await unmap_huge_pages(detached, gather);
  for (Vma* vma = detached.find_vma(VirtAddr{0}); vma; vma = detached.next(*vma))
    co_await unlink_file_vma(*vma);
  Vma* before = mm.vmas.last_before(range.start);
  Vma* after = mm.vmas.find_vma(range.end);
  const VirtAddr floor = before ? before->end() : VirtAddr{0};
  const VirtAddr ceiling = after ? after->start() : mm.page_tables.limit();
  mm.page_tables.free_tables({floor, ceiling});
  co_await tlb_finish_mmu(mm, gather);
}

void free_detached(Mm& mm, VmaTree& detached) {
  while (Vma* vma = detached.find_vma(VirtAddr{0})) {
    detached.erase(*vma);
    vma->write_locked.write(false);
    free_vma(mm, *vma);
  }
}

}  // namespace

sim::Task<Errno> do_munmap(Mm& mm, AddrRange range, Downgrade downgrade, PendingUnmaps& unmaps) {
  if (!mm.vmas.find_intersection(range)) co_return Errno::none;
  if (!may_split_at_ends(mm, range)) co_return Errno::inval;
  co_await split_at_ends(mm, range);
  VmaTree detached;
  co_await detach_range(mm, range, detached, unmaps);
  if (downgrade == Downgrade::to_read) mm.mmap_write_downgrade();
  co_await unmap_region(mm, range, detached);
  free_detached(mm, detached);
  co_return Errno::none;
}

sim::Task<Errno> sys_munmap(Process& process, VirtAddr start, std::uint64_t length) {
  length = (length + kPageSize - 1) & kPageMask;
  if (!start.page_aligned() || start > kTaskSize || length > kTaskSize - start || length == 0) {
    co_return Errno::inval;
  }
  Mm& mm = process.mm;
  PendingUnmaps unmaps;
  co_await mm.mmap_lock.write_lock();
  const Errno error = co_await do_munmap(mm, range_of(start, length), Downgrade::to_read, unmaps);
  if (mm.mmap_lock.write_held_by_me()) {
    mm.mmap_write_unlock();  // nothing was mapped there, or nothing could be unmapped
  } else {
    mm.mmap_lock.read_unlock();
  }
  co_await unmaps.complete();
  co_return error;
}

}  // namespace model
