// SPDX-License-Identifier: Apache-2.0
// Follows kernel/fork.c: mmget_not_zero and mmput, and mm/mmap.c: exit_mmap.
#include "model/mm/hugetlb.hpp"
#include "model/mm/tlb_gather.hpp"
#include "model/mm/vma_modify.hpp"

namespace model {
namespace {

// Nobody uses the address space any more, and nobody will: no event is sent.
sim::Task<void> exit_mmap(Mm& mm) {
  co_await mm.mmap_lock.write_lock();
  TlbGather gather;
  tlb_gather_mmu(mm);
  co_await unmap_page_range(mm, {VirtAddr{0}, mm.page_tables.limit()}, gather);
  for (Vma* vma = mm.vmas.find_vma(VirtAddr{0}); vma; vma = mm.vmas.next(*vma)) {
    if (!vma->is_vm_hugetlb_page()) continue;
    co_await zap_hugepage_range(*vma, vma->state.read().range, gather, HugeMarkers::dropped);
  }
  while (Vma* vma = mm.vmas.find_vma(VirtAddr{0})) {
    detach_vma(mm, *vma);
    co_await unlink_file_vma(*vma);
    free_vma(mm, *vma);
  }
  mm.page_tables.free_tables({VirtAddr{0}, mm.page_tables.limit()});
  co_await tlb_finish_mmu(mm, gather);
  mm.mmap_write_unlock();
}

}  // namespace

MmUser mmget_not_zero(Mm& mm) {
  const std::uint32_t users = mm.users.read();
  if (users == 0) return MmUser::refused;
  mm.users.write(users + 1);
  return MmUser::counted;
}

sim::Task<void> mmput(Mm& mm) {
  mm.users.write(mm.users.read() - 1);
  if (mm.users.read() == 0) co_await exit_mmap(mm);
}

}  // namespace model
