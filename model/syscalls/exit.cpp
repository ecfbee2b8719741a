// SPDX-License-Identifier: Apache-2.0
// Follows kernel/exit.c: do_group_exit and do_exit, and mm/mmap.c: exit_mmap.
#include "model/mm/tlb_gather.hpp"
#include "model/mm/vma_modify.hpp"
#include "model/syscalls/syscalls.hpp"

namespace model {
namespace {

// No thread uses the address space any more, and none will: no event is sent.
sim::Task<void> exit_mmap(Mm& mm) {
  co_await mm.mmap_lock.write_lock();
  TlbGather gather;
  tlb_gather_mmu(mm);
  co_await unmap_page_range(mm, {VirtAddr{0}, mm.page_tables.limit()}, gather);
  while (Vma* vma = mm.vmas.find_vma(VirtAddr{0})) {
    detach_vma(mm, *vma);
    free_vma(mm, *vma);
  }
  mm.page_tables.free_tables({VirtAddr{0}, mm.page_tables.limit()});
  co_await tlb_finish_mmu(mm, gather);
  mm.mmap_write_unlock();
}

sim::Task<void> exit_files(Process& process) {
  for (sim::Cell<File*>& fd : process.fds) {
    File* file = fd.read();
    if (!file) continue;
    fd.write(nullptr);
    co_await fput(process, *file);
  }
}

}  // namespace

sim::Task<void> sys_exit_group(Process& process) {
  co_await sim::point("exit_group");
  if (process.exiting.read()) co_return;
  process.exiting.write(true);
  process.mm.users.write(process.mm.users.read() - process.parked.read());  // they die at once
  for (int id = 0; id < sim::current.world->thread_count(); ++id) {
    if (!(process.threads >> id & 1)) continue;
    sim::Thread& thread = sim::current.world->thread(static_cast<sim::ThreadId>(id));
    sim::touch(&thread.state, sizeof thread.state, sim::Access::write);
    thread.fatal_signal = true;
  }
}

sim::Task<void> do_exit(Process& process) {
  Mm& mm = process.mm;
  co_await sim::point("do_exit");
  mm.users.write(mm.users.read() - 1);
  if (mm.users.read() > 0) co_return;
  co_await exit_mmap(mm);
  co_await exit_files(process);
}

}  // namespace model
