// SPDX-License-Identifier: Apache-2.0
// Follows kernel/fork.c: copy_process, copy_files and dup_mmap.
#include "model/fault/fault.hpp"
#include "model/kernels/kernel.hpp"
#include "model/mm/copy_page_range.hpp"
#include "model/mm/hugetlb.hpp"
#include "model/mm/rmap.hpp"
#include "model/mm/shmem.hpp"
#include "model/mm/vma_modify.hpp"
#include "model/syscalls/syscalls.hpp"

namespace model {
namespace {

void copy_files(const Process& parent, Process& child) {
  for (int fd = 0; fd < Process::kMaxFds; ++fd) {
    File* file = parent.fds[fd].read();
    if (!file) continue;
    file->refs.write(file->refs.read() + 1);
    child.fds[fd].write(file);
  }
  for (int memfd = 0; memfd < Process::kMaxMemfds; ++memfd) {
    Inode* inode = parent.memfds[memfd].read();
    if (!inode) continue;
    iget(*inode);
    child.memfds[memfd].write(inode);
  }
}

// Called with the parent's mmap_lock held for writing.
sim::Task<void> dup_vma(Mm& child, Vma& vma, PendingForks& forks) {
  co_await vma_start_write(*vma.vm_mm, vma);
  Vma::State state = vma.state.read();
  state.anon_vma = nullptr;
  Vma* copy = child.system->vma_cache.allocate(child, state);
  if (copy->is_vm_hugetlb_page()) hugetlb_dup_vma_private(*child.system, *copy);
  co_await forks.dup(*copy);
  anon_vma_fork(*child.system, *copy, vma);
  child.vmas.insert(*copy);
  co_await vma_link_file(*copy);
  co_await copy_page_range(*copy, vma, vm_page_prot(*child.system->kernel, copy->flags()));
}

// Simplified: the child's mmap_lock is not taken; nobody can reach the child yet.
sim::Task<void> dup_mmap(Mm& parent, Mm& child, PendingForks& forks) {
  co_await parent.mmap_lock.write_lock();
  for (Vma* vma = parent.vmas.find_vma(VirtAddr{0}); vma; vma = parent.vmas.next(*vma)) {
    co_await dup_vma(child, *vma, forks);
  }
  co_await sim::point("flush_tlb_mm");
  parent.flush_tlb_range({VirtAddr{0}, parent.page_tables.limit()});
  parent.mmap_write_unlock();
}

}  // namespace

sim::Task<Errno> sys_fork(Process& parent, Process& child) {
  SIM_ASSERT(child.mm.users.read() == 0);
  PendingForks forks;
  co_await sim::point("copy_files");
  copy_files(parent, child);
  child.mm.users.write(1);
  child.live.write(1);
  co_await dup_mmap(parent.mm, child.mm, forks);
  co_await forks.complete();
  if (!sim::current_thread().fatal_signal) co_return Errno::none;
  co_await do_exit(child);
  co_return Errno::intr;
}

}  // namespace model
