// SPDX-License-Identifier: Apache-2.0
// Follows mm/hugetlb.c: hugetlb_wp.
#include "model/fault/hugetlb_fault.hpp"
#include "model/mm/rmap.hpp"

namespace model {
namespace {

bool unchanged(const HugetlbFault& fault) {
  return fault.tables().huge_ptep_get(fault.table, fault.address) == fault.vmf.orig_pte;
}

void allow_writes(HugetlbFault& fault) {
  if (!(fault.vma.flags() & VM_WRITE)) return;
  fault.tables().set_huge_pte_at(fault.table, fault.address, fault.vmf.orig_pte.pte_mkwrite());
}

// No page can be had for the owner's copy: nobody else keeps the old one. Called and returns with both locks
// of the fault and table.ptl held.
sim::Task<void> rob_the_others(HugetlbFault& fault, const Folio& folio) {
  sim::Lock& mutex = fault.inode.hugetlb->fault_mutex(fault.index);
  sim::RwLock& vma_lock = fault.vma.state.read().hugetlb->lock;
  vma_lock.read_unlock();
  mutex.unlock();
  co_await unmap_ref_private(fault.vma, folio, fault.address);
  co_await mutex.lock();
  co_await vma_lock.read_lock();
  co_await fault.table.ptl.lock();
}

// Puts the copy in the place of the old page, unless the leaf has changed. Called with table.ptl held.
bool replace(HugetlbFault& fault, Folio& old, Folio& copy) {
  if (!unchanged(fault)) return false;
  const VirtAddr end = fault.address + PageCount{kPagesPerHugePage};
  fault.tables().set_huge_pte_at(fault.table, fault.address, Pte{});
  fault.vmf.mm->flush_tlb_range({fault.address, end});  // huge_ptep_clear_flush
  folio_remove_rmap(old);
  folio_add_new_anon_rmap(copy, fault.vma, fault.address);
  copy.state.modify().restore_reserve = false;
  const Pte leaf = make_huge_pte(fault.memory(), copy, PteAccess::write);
  fault.tables().set_huge_pte_at(fault.table, fault.address, leaf);
  return true;
}

// With a reference to `old`, which is dropped. Called with table.ptl released, and returns with it held.
sim::Task<HugetlbNext> copy_page(HugetlbFault& fault, Folio& old, Folio& copy) {
  Memory& memory = fault.memory();
  const VmFaultResult prepared = co_await try_anon_prepare(fault.vmf);
  const bool goes_on = prepared == VmFaultResult::done;
  if (goes_on) copy.state.modify().content = old.state.read().content;
  co_await fault.table.ptl.lock();
  const bool replaced = goes_on && replace(fault, old, copy);
  if (replaced) {
    memory.folio_put(old);  // the page table's
  } else {
    restore_reserve_on_error(fault.vma, fault.address, copy);
  }
  memory.folio_put(old);
  co_return goes_on ? HugetlbNext::nothing : HugetlbNext::retry;
}

}  // namespace

sim::Task<HugetlbNext> hugetlb_wp(HugetlbFault& fault, const Folio* cached) {
  const Pte pte = fault.vmf.orig_pte;
  if (pte.pte_uffd_wp() == UffdWp::set) co_return HugetlbNext::nothing;  // for the next fault
  if (fault.vma.shared()) {
    allow_writes(fault);
    co_return HugetlbNext::nothing;
  }
  Folio& old = fault.memory().folio_at(pte.pte_pfn());
  for (;;) {
    if (old.folio_test_anon() && old.state.read().mapcount == 1) {
      if (!old.state.read().anon_exclusive) folio_move_anon_rmap(old, fault.vma, fault.address);
      allow_writes(fault);
      co_return HugetlbNext::nothing;
    }
    const bool owner = fault.vma.state.read().hugetlb->resv != nullptr;
    const bool used_up = owner && &old != cached;
    fault.memory().folio_get(old);
    fault.table.ptl.unlock();
    Folio* copy =
        co_await alloc_hugetlb_folio(fault.vma, fault.address, used_up ? Promise::saved : Promise::used);
    if (copy) {
      const HugetlbNext next = co_await copy_page(fault, old, *copy);
      co_return next;
    }
    fault.memory().folio_put(old);
    if (!used_up) {
      co_await fault.table.ptl.lock();
      co_return HugetlbNext::sigbus;
    }
    co_await rob_the_others(fault, old);
    if (!unchanged(fault)) co_return HugetlbNext::nothing;
  }
}

}  // namespace model
