// SPDX-License-Identifier: Apache-2.0
// Follows mm/madvise.c: madvise_walk_vmas and madvise_dontneed_free.
//
// Simplified: always under mmap_lock; Linux 6.17 and later take the mapping's lock instead when it is not
// registered and contains the whole range.
#include <algorithm>

#include "model/kernels/kernel.hpp"
#include "model/mm/tlb_gather.hpp"
#include "model/syscalls/syscalls.hpp"
#include "model/uffd/range.hpp"

namespace model {
namespace {

sim::Task<void> zap_page_range_single(Mm& mm, const Vma& vma, AddrRange range) {
  const ZapDetails details{markers_of(vma)};
  TlbGather gather;
  tlb_gather_mmu(mm);
  co_await unmap_page_range(mm, range, gather, details);
  co_await tlb_finish_mmu(mm, gather);
}

// Called and returns with mmap_lock held for reading. The lock may have been released in between, and what
// is mapped may have changed: `range` becomes what was emptied.
sim::Task<Errno> dontneed_one(Mm& mm, Vma& vma, AddrRange& range) {
  Vma* now = &vma;
  const MmapLock lock = co_await userfaultfd_remove(mm, vma, range);
  if (lock == MmapLock::released) {
    co_await mm.mmap_lock.read_lock();
    now = mm.vmas.vma_lookup(range.start);
    if (!now) co_return Errno::nomem;
    range.end = std::min(range.end, now->end());  // somebody split it meanwhile
  }
  co_await zap_page_range_single(mm, *now, range);
  co_return Errno::none;
}

}  // namespace

sim::Task<Errno> sys_madvise_dontneed(Process& process, VirtAddr start, std::uint64_t length) {
  if (!start.page_aligned()) co_return Errno::inval;
  const std::uint64_t rounded = (length + kPageSize - 1) & kPageMask;
  if (length != 0 && rounded == 0) co_return Errno::inval;
  const AddrRange range = range_of(start, rounded);
  if (range.end < range.start) co_return Errno::inval;
  if (range.empty()) co_return Errno::none;
  Mm& mm = process.mm;
  Errno unmapped = Errno::none;
  co_await mm.mmap_lock.read_lock();
  VirtAddr at = range.start;
  while (at < range.end) {
    Vma* vma = mm.vmas.find_vma(at);
    if (!vma) {
      unmapped = Errno::nomem;
      break;
    }
    if (at < vma->start()) {
      unmapped = Errno::nomem;
      at = vma->start();
      if (at >= range.end) break;
    }
    const AddrRange asked{at, std::min(vma->end(), range.end)};
    AddrRange emptied = asked;
    const Errno error = co_await dontneed_one(mm, *vma, emptied);
    if (error != Errno::none) {
      unmapped = error;
      break;
    }
    const bool rest_follows = mm.system->kernel->rest_after_split == RestAfterSplit::follows;
    at = rest_follows ? emptied.end : asked.end;
  }
  mm.mmap_lock.read_unlock();
  co_return unmapped;
}

}  // namespace model
