// SPDX-License-Identifier: Apache-2.0
// Follows mm/madvise.c: madvise_remove.
#include "model/mm/shmem.hpp"
#include "model/syscalls/madvise.hpp"
#include "model/syscalls/syscalls.hpp"
#include "model/uffd/event.hpp"

namespace model {

// mmap_lock is released in between, since the file's lock comes first.
sim::Task<Errno> madvise_remove(Mm& mm, Vma& vma, AddrRange& range) {
  if (vma.vma_is_anonymous()) co_return Errno::inval;
  if (!vma.shared()) co_return Errno::acces;
  Inode& inode = *vma.state.read().vm_file;
  const std::uint64_t first = vma.linear_page_index(range.start);
  iget(inode);
  const MmapLock lock = co_await userfaultfd_remove(mm, vma, range);
  if (lock == MmapLock::kept) mm.mmap_lock.read_unlock();
  co_await vfs_punch_hole(*mm.system, inode, first, range.pages().value);
  iput(*mm.system, inode);
  co_await mm.mmap_lock.read_lock();
  co_return Errno::none;
}

}  // namespace model
