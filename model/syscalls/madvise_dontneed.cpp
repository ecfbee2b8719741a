// SPDX-License-Identifier: Apache-2.0
// Follows mm/madvise.c: madvise_dontneed_free and madvise_free_single_vma.
//
// Simplified: what was freed with MADV_FREE is never taken away, because nothing reclaims memory here.
#include <algorithm>

#include "model/mm/tlb_gather.hpp"
#include "model/syscalls/madvise.hpp"
#include "model/uffd/event.hpp"

namespace model {
namespace {

enum class Advice : std::uint8_t { dontneed, free };

// Huge pages are emptied whole: those that the range covers, if it begins with one. They are never freed
// lazily.
Errno madvise_dontneed_free_valid_vma(const Vma& vma, Advice advice, AddrRange& range) {
  if (!vma.is_vm_hugetlb_page()) return Errno::none;
  if (advice != Advice::dontneed || !range.start.huge_page_aligned()) return Errno::inval;
  range.end = range.end.huge_page();
  return Errno::none;
}

// Tells the monitor that the range will be emptied. Meanwhile what is mapped may have changed: `range`
// becomes what is still there of it, in the mapping that is returned; null if nothing is. Called and returns
// with mmap_lock held for reading.
sim::Task<Vma*> announce(Mm& mm, Vma& vma, AddrRange& range) {
  const MmapLock lock = co_await userfaultfd_remove(mm, vma, range);
  if (lock == MmapLock::kept) co_return &vma;
  co_await mm.mmap_lock.read_lock();
  Vma* now = mm.vmas.vma_lookup(range.start);
  if (now) range.end = std::min(range.end, now->end());  // somebody split it meanwhile
  co_return now;
}

// Pages stay, for now; a poisoned one is missing. Called with leaf.ptl held.
void madvise_free_pte_range(Mm& mm, PageTable& leaf, AddrRange range) {
  for (VirtAddr at = range.start; at < range.end; at = at + PageCount{1}) {
    if (mm.page_tables.get(leaf, at).is_marker(PteMarker::poisoned)) mm.page_tables.set(leaf, at, Pte{});
  }
}

}  // namespace

sim::Task<Errno> madvise_dontneed(Mm& mm, Vma& vma, AddrRange& range) {
  const Errno valid = madvise_dontneed_free_valid_vma(vma, Advice::dontneed, range);
  if (valid != Errno::none || range.empty()) co_return valid;
  Vma* now = co_await announce(mm, vma, range);
  if (!now) co_return Errno::nomem;
  const Errno still_valid = madvise_dontneed_free_valid_vma(*now, Advice::dontneed, range);
  if (still_valid != Errno::none || range.empty()) co_return still_valid;
  co_await zap_page_range_single(mm, *now, range);
  co_return Errno::none;
}

sim::Task<Errno> madvise_free(Mm& mm, Vma& vma, AddrRange& range) {
  const Errno valid = madvise_dontneed_free_valid_vma(vma, Advice::free, range);
  if (valid != Errno::none) co_return valid;
  Vma* now = co_await announce(mm, vma, range);
  if (!now) co_return Errno::nomem;
  if (!now->vma_is_anonymous()) co_return Errno::inval;
  VirtAddr at = range.start;
  while (at < range.end) {
    const VirtAddr end = std::min(mm.page_tables.next_leaf(at), range.end);
    PageTable* leaf = mm.page_tables.leaf(at);
    if (leaf) {
      co_await leaf->ptl.lock();
      madvise_free_pte_range(mm, *leaf, {at, end});
      leaf->ptl.unlock();
    }
    at = end;
  }
  co_return Errno::none;
}

}  // namespace model
