// SPDX-License-Identifier: Apache-2.0
// System calls on files in shared memory, and on those of huge pages. Follows mm/shmem.c: shmem_setattr,
// shmem_fallocate, shmem_write_begin and shmem_write_end.
#include <algorithm>

#include "model/fault/shmem_get_folio.hpp"
#include "model/mm/hugetlb.hpp"
#include "model/syscalls/syscalls.hpp"

namespace model {
namespace {

// Locks, fills and unlocks one page; the file grows if the page lies beyond its end. Called with i_rwsem
// held.
sim::Task<Errno> write_page(System& system, Inode& inode, std::uint64_t index, char letter) {
  const ShmemFolio found = co_await shmem_get_folio(system, inode, index, Sgp::write);
  if (!found.folio) co_return found.error;
  found.folio->state.modify().content = letter;
  if (index >= inode.i_size.read()) inode.i_size.write(index + 1);
  found.folio->lock.unlock();
  system.memory.folio_put(*found.folio);
  co_return Errno::none;
}

sim::Task<void> shmem_punch_hole(System& system, Inode& inode, std::uint64_t first, std::uint64_t pages) {
  co_await inode.i_rwsem.lock();
  inode.falloc.write({first, first + pages});
  co_await unmap_mapping_range(inode, first, first + pages, EvenCows::no);
  co_await shmem_truncate_range(system, inode, first, first + pages);
  co_await sim::point("shmem_falloc");
  inode.falloc.write({});
  inode.i_rwsem.unlock();
}

}  // namespace

void sys_memfd_create(Process& process, int memfd, PageSize page_size) {
  System& system = *process.mm.system;
  Inode& inode = page_size == PageSize::huge ? hugetlb_file_setup(system, 0) : shmem_file_setup(system, 0);
  process.memfds[memfd].write(&inode);
}

// The size first, so that faults are refused; then the mappings, the pages, and the mappings once more,
// because a private one may have copied a page meanwhile.
sim::Task<Errno> sys_ftruncate(Process& process, int memfd, std::uint64_t pages) {
  co_await sim::point("fdget");
  Inode* inode = process.memfds[memfd].read();
  if (!inode) co_return Errno::badf;
  if (pages > kMaxFilePages) co_return Errno::inval;
  iget(*inode);
  if (inode->hugetlb) {
    const Errno error = co_await hugetlbfs_setattr(*process.mm.system, *inode, pages);
    iput(*process.mm.system, *inode);
    co_return error;
  }
  co_await inode->i_rwsem.lock();
  const std::uint64_t old = inode->i_size.read();
  if (pages != old) inode->i_size.write(pages);
  if (pages < old) {
    co_await unmap_mapping_range(*inode, pages, kMaxFilePages, EvenCows::yes);
    co_await shmem_truncate_range(*process.mm.system, *inode, pages, kMaxFilePages);
    co_await unmap_mapping_range(*inode, pages, kMaxFilePages, EvenCows::yes);
  }
  inode->i_rwsem.unlock();
  iput(*process.mm.system, *inode);
  co_return Errno::none;
}

sim::Task<void> vfs_punch_hole(System& system, Inode& inode, std::uint64_t first, std::uint64_t pages) {
  return inode.hugetlb ? hugetlbfs_punch_hole(system, inode, first, pages)
                       : shmem_punch_hole(system, inode, first, pages);
}

sim::Task<Errno> sys_fallocate_punch(Process& process, int memfd, std::uint64_t first, std::uint64_t pages) {
  co_await sim::point("fdget");
  Inode* inode = process.memfds[memfd].read();
  if (!inode) co_return Errno::badf;
  if (pages == 0) co_return Errno::inval;
  iget(*inode);
  co_await vfs_punch_hole(*process.mm.system, *inode, first, pages);
  iput(*process.mm.system, *inode);
  co_return Errno::none;
}

sim::Task<Errno> sys_pwrite(Process& process, int memfd, std::uint64_t first, std::uint64_t pages,
                            CopySource letters) {
  co_await sim::point("fdget");
  Inode* inode = process.memfds[memfd].read();
  if (!inode) co_return Errno::badf;
  if (inode->hugetlb) co_return Errno::inval;  // hugetlbfs has no write
  iget(*inode);
  co_await inode->i_rwsem.lock();
  std::uint64_t written = 0;
  Errno error = Errno::none;
  while (written < pages && error == Errno::none) {
    error = co_await write_page(*process.mm.system, *inode, first + written, letters.letter(written));
    if (error == Errno::none) ++written;
  }
  inode->i_rwsem.unlock();
  iput(*process.mm.system, *inode);
  co_return written > 0 ? Errno::none : error;
}

}  // namespace model
