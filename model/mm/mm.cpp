// SPDX-License-Identifier: Apache-2.0
#include "model/mm/mm.hpp"

#include "model/mm/system.hpp"

namespace model {

void Mm::flush_tlb_range(AddrRange range) {
  for (unsigned rest = cpus, cpu = 0; rest != 0; rest >>= 1, ++cpu) {
    if (rest & 1) system->tlbs[cpu].flush(range);
  }
}

void Mm::vma_end_write_all() {
  vmas.for_each([](Vma& vma) {
    if (vma.write_locked.read()) vma.write_locked.write(false);
  });
}

void Mm::mmap_write_unlock() {
  vma_end_write_all();
  mmap_lock.write_unlock();
}

void Mm::mmap_write_downgrade() {
  vma_end_write_all();
  mmap_lock.downgrade();
}

sim::Task<void> vma_start_write(Mm& mm, Vma& vma) {
  SIM_ASSERT(mm.mmap_lock.write_held_by_me());
  if (vma.write_locked.read()) co_return;
  co_await vma.lock.write_lock();  // waits for the readers that are inside
  vma.write_locked.write(true);
  vma.lock.write_unlock();
}

sim::Task<Vma*> lock_vma_under_rcu(Mm& mm, VirtAddr address) {
  co_await sim::point("lock_vma_under_rcu");
  Vma* vma = mm.vmas.vma_lookup(address);
  if (!vma || vma->write_locked.read() || !vma->lock.try_read_lock()) co_return nullptr;
  co_return vma;
}

void vma_start_read_locked(Vma& vma) {
  const bool locked = vma.lock.try_read_lock();
  SIM_ASSERT(locked);
}

}  // namespace model
