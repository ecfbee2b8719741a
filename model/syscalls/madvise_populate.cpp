// SPDX-License-Identifier: Apache-2.0
// Follows mm/madvise.c: madvise_populate, and mm/gup.c: faultin_page_range and __get_user_pages.
#include "model/mm/system.hpp"
#include "model/mm/uffd_leaf.hpp"
#include "model/syscalls/madvise.hpp"

namespace model {
namespace {

// check_vma_flags: unlike the hardware, it tells the right to read from the right to write.
bool allows(const Vma& vma, Access access) {
  return vma.flags() & (access == Access::write ? VM_WRITE : VM_READ);
}

// follow_page_pte: the page is there and may be used so.
sim::Task<bool> is_there(Mm& mm, const Vma& vma, VirtAddr address, Access access) {
  const bool huge = vma.is_vm_hugetlb_page();
  PageTables& tables = mm.page_tables;
  PageTable* table = huge ? tables.huge_pte_offset(address) : tables.leaf(address);
  if (!table) co_return false;
  co_await table->ptl.lock();
  const Pte pte = huge ? tables.huge_ptep_get(*table, address) : tables.get(*table, address);
  table->ptl.unlock();
  if (!pte.pte_present()) co_return false;
  // gup_can_follow_protnone: that the page was used is to be heard of.
  if (uffd_leaf(vma.flags(), pte) == UffdLeaf::access_protected) co_return false;
  co_return access == Access::read || pte.pte_write();
}

Errno errno_of(VmFaultResult result) {
  switch (result) {
    case VmFaultResult::done:
    case VmFaultResult::retry:
      return Errno::none;
    case VmFaultResult::hwpoison:
      return Errno::hwpoison;
    case VmFaultResult::oom:
      return Errno::nomem;
    default:
      return Errno::fault;
  }
}

// Faults one page in. Called and returns with mmap_lock held for reading; it may have been released in
// between, and the page be missing still.
sim::Task<Errno> faultin_page(Mm& mm, Vma& vma, VirtAddr address, Access access) {
  VmFault vmf{.mm = &mm, .vma = &vma, .address = address, .access = access, .mode = Mode::kernel};
  vmf.lock = FaultLock::mmap;
  const VmFaultResult result = co_await handle_mm_fault(vmf);
  if (result == VmFaultResult::retry) co_await mm.mmap_lock.read_lock();
  if (sim::current_thread().fatal_signal) co_return Errno::intr;
  co_return errno_of(result);
}

// Called and returns with mmap_lock held for reading; it may have been released in between.
sim::Task<Errno> populate_range(Mm& mm, AddrRange range, Access access) {
  Errno error = Errno::none;
  VirtAddr at = range.start;
  while (at < range.end && error == Errno::none) {
    Vma* vma = mm.vmas.vma_lookup(at);
    if (!vma) {
      error = Errno::nomem;
    } else if (!allows(*vma, access)) {
      error = Errno::inval;
    } else {
      const bool there = co_await is_there(mm, *vma, at, access);
      if (there) {
        const bool huge = vma->is_vm_hugetlb_page();
        at = huge ? at.huge_page() + PageCount{kPagesPerHugePage} : at + PageCount{1};
      } else {
        error = co_await faultin_page(mm, *vma, at, access);
      }
    }
  }
  co_return error;
}

}  // namespace

sim::Task<Errno> madvise_populate(Mm& mm, AddrRange range, Access access) {
  co_await mm.mmap_lock.read_lock();
  const Errno error = co_await populate_range(mm, range, access);
  mm.mmap_lock.read_unlock();
  co_return error;
}

sim::Task<Errno> madvise_populate_read(Mm& mm, Vma&, AddrRange& range) {
  const Errno error = co_await populate_range(mm, range, Access::read);
  co_return error;
}

sim::Task<Errno> madvise_populate_write(Mm& mm, Vma&, AddrRange& range) {
  const Errno error = co_await populate_range(mm, range, Access::write);
  co_return error;
}

}  // namespace model
