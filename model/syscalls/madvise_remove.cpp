// SPDX-License-Identifier: Apache-2.0
// Follows mm/madvise.c: madvise_walk_vmas and madvise_remove.
#include <algorithm>

#include "model/mm/shmem.hpp"
#include "model/syscalls/syscalls.hpp"
#include "model/uffd/range.hpp"

namespace model {
namespace {

// Called and returns with mmap_lock held for reading; it is released in between, since the file's lock comes
// first.
sim::Task<Errno> remove_one(Process& process, Vma& vma, AddrRange range) {
  Mm& mm = process.mm;
  if (vma.vma_is_anonymous()) co_return Errno::inval;
  if (!vma.shared()) co_return Errno::acces;
  Inode& inode = *vma.state.read().vm_file;
  const std::uint64_t first = vma.linear_page_index(range.start);
  iget(inode);
  const MmapLock lock = co_await userfaultfd_remove(mm, vma, range);
  if (lock == MmapLock::kept) mm.mmap_lock.read_unlock();
  co_await shmem_punch_hole(*process.mm.system, inode, first, range.pages().value);
  iput(*process.mm.system, inode);
  co_await mm.mmap_lock.read_lock();
  co_return Errno::none;
}

}  // namespace

sim::Task<Errno> sys_madvise_remove(Process& process, VirtAddr start, std::uint64_t length) {
  if (!start.page_aligned()) co_return Errno::inval;
  const std::uint64_t rounded = (length + kPageSize - 1) & kPageMask;
  const AddrRange range = range_of(start, rounded);
  if ((length != 0 && rounded == 0) || range.end < range.start) co_return Errno::inval;
  if (range.empty()) co_return Errno::none;
  Mm& mm = process.mm;
  Errno result = Errno::none;
  co_await mm.mmap_lock.read_lock();
  VirtAddr at = range.start;
  while (at < range.end) {
    Vma* vma = mm.vmas.find_intersection({at, range.end});
    if (!vma || at < vma->start()) result = Errno::nomem;
    if (!vma) break;
    at = std::max(at, vma->start());
    const VirtAddr end = std::min(vma->end(), range.end);
    const Errno error = co_await remove_one(process, *vma, {at, end});
    if (error != Errno::none) {
      result = error;
      break;
    }
    at = end;
  }
  mm.mmap_lock.read_unlock();
  co_return result;
}

}  // namespace model
