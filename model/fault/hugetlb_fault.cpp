// SPDX-License-Identifier: Apache-2.0
// Follows mm/hugetlb.c: hugetlb_fault, hugetlb_no_page and hugetlb_handle_userfault.
#include "model/fault/hugetlb_fault.hpp"

#include "model/kernels/kernel.hpp"
#include "model/mm/rmap.hpp"

namespace model {
namespace {

// Looks again under the pte lock: what was seen without it may have been on its way.
sim::Task<bool> hugetlb_pte_stable(HugetlbFault& fault) {
  co_await fault.table.ptl.lock();
  const bool same = fault.tables().huge_ptep_get(fault.table, fault.address) == fault.vmf.orig_pte;
  fault.table.ptl.unlock();
  co_return same;
}

sim::Task<HugetlbNext> next_if_stable(HugetlbFault& fault, HugetlbNext next) {
  const bool stable = co_await hugetlb_pte_stable(fault);
  co_return stable ? next : HugetlbNext::nothing;
}

// A page of zeros: the file's if the mapping is shared, else the mapping's own. Null: see `next`.
sim::Task<Folio*> new_page(HugetlbFault& fault, HugetlbNext& next) {
  if (!fault.vma.shared()) {
    const VmFaultResult prepared = co_await try_anon_prepare(fault.vmf);
    if (prepared != VmFaultResult::done) {
      next = HugetlbNext::retry;
      co_return nullptr;
    }
  }
  Folio* folio = co_await alloc_hugetlb_folio(fault.vma, fault.address, Promise::used);
  if (!folio) {
    next = co_await next_if_stable(fault, HugetlbNext::sigbus);
    co_return nullptr;
  }
  if (fault.vma.shared()) {
    const Errno added = hugetlb_add_to_page_cache(*fault.vmf.mm->system, fault.inode, fault.index, *folio);
    SIM_ASSERT(added == Errno::none);  // the fault mutex keeps others out
  }
  co_return folio;
}

// The file's page with a reference, or a new one. Null: see `next`.
sim::Task<Folio*> find_page(HugetlbFault& fault, HugetlbNext& next) {
  co_await sim::point("filemap_lock_hugetlb_folio");
  Folio* folio = fault.inode.i_pages.load(fault.index);
  if (folio && fault.vma.userfaultfd_minor()) {
    next = co_await next_if_stable(fault, HugetlbNext::minor);
    co_return nullptr;
  }
  if (folio) {
    fault.memory().folio_get(*folio);
    co_return folio;
  }
  co_await sim::point("i_size_read");
  if (fault.index >= fault.inode.i_size.read() / kPagesPerHugePage) {
    next = HugetlbNext::sigbus;
    co_return nullptr;
  }
  if (fault.vma.userfaultfd_missing()) {
    next = co_await next_if_stable(fault, HugetlbNext::missing);
    co_return nullptr;
  }
  folio = co_await new_page(fault, next);
  co_return folio;
}

// Called with table.ptl held.
void map_page(HugetlbFault& fault, Folio& folio) {
  if (folio.state.read().mapping) {
    folio_add_file_rmap(folio);
  } else {
    folio_add_new_anon_rmap(folio, fault.vma, fault.address);
    folio.state.modify().restore_reserve = false;
  }
  const VmFlagBits flags = fault.vma.flags();
  const PteAccess access = fault.vma.shared() ? pte_access_of(flags) : zero_page_access(flags);
  const UffdWp wp = fault.vmf.orig_pte.is_marker(PteMarker::uffd_wp) ? UffdWp::set : UffdWp::clear;
  const Pte leaf = make_huge_pte(fault.memory(), folio, access, wp);
  fault.tables().set_huge_pte_at(fault.table, fault.address, leaf);
  fault.vmf.orig_pte = leaf.pte_mkhuge();
}

// Nothing is mapped: none, or a UFFD_WP marker.
sim::Task<HugetlbNext> hugetlb_no_page(HugetlbFault& fault) {
  HugetlbNext next = HugetlbNext::nothing;
  if (fault.vma.state.read().hugetlb->robbed.read()) co_return HugetlbNext::sigbus;
  Folio* folio = co_await find_page(fault, next);
  if (!folio) co_return next;
  co_await fault.table.ptl.lock();
  const bool unchanged = fault.tables().huge_ptep_get(fault.table, fault.address) == fault.vmf.orig_pte;
  if (unchanged) {
    const Folio* cached = folio->state.read().mapping ? folio : nullptr;
    map_page(fault, *folio);
    // A private mapping's first write copies the page at once.
    if (fault.writes() && !fault.vma.shared()) next = co_await hugetlb_wp(fault, cached);
  }
  fault.table.ptl.unlock();
  if (!unchanged && !folio->state.read().mapping) {
    restore_reserve_on_error(fault.vma, fault.address, *folio);
  } else if (!unchanged) {
    fault.memory().folio_put(*folio);
  }
  co_return next;
}

// Called with table.ptl held, which it releases.
sim::Task<HugetlbNext> write_fault(HugetlbFault& fault, const Folio* cached) {
  Pte& pte = fault.vmf.orig_pte;
  const bool protects = fault.vma.userfaultfd_wp() && pte.pte_uffd_wp() == UffdWp::set;
  if (protects && !fault.vmf.mm->system->kernel->userfaultfd_wp_async(fault.vma)) {
    fault.table.ptl.unlock();
    co_return HugetlbNext::wp;
  }
  if (protects) {
    pte = pte.pte_clear_uffd_wp();
    fault.tables().set_huge_pte_at(fault.table, fault.address, pte);
  }
  const HugetlbNext next = co_await hugetlb_wp(fault, cached);
  fault.table.ptl.unlock();
  co_return next;
}

// Something is mapped.
sim::Task<HugetlbNext> hugetlb_page(HugetlbFault& fault) {
  const bool not_allowed = fault.writes() && !fault.vmf.orig_pte.pte_write();
  const Folio* cached = nullptr;
  if (not_allowed && !fault.vma.shared()) {
    co_await sim::point("filemap_lock_hugetlb_folio");
    cached = fault.inode.i_pages.load(fault.index);
  }
  co_await fault.table.ptl.lock();
  const bool unchanged = fault.tables().huge_ptep_get(fault.table, fault.address) == fault.vmf.orig_pte;
  if (unchanged && not_allowed) {
    const HugetlbNext next = co_await write_fault(fault, cached);
    co_return next;
  }
  fault.table.ptl.unlock();
  co_return HugetlbNext::nothing;
}

sim::Task<HugetlbNext> fault_under_locks(HugetlbFault& fault) {
  co_await sim::point("huge_ptep_get");
  fault.vmf.orig_pte = fault.tables().huge_ptep_get(fault.table, fault.address);
  if (fault.vmf.orig_pte.is_poisoned()) co_return HugetlbNext::hwpoison;
  HugetlbNext next = HugetlbNext::nothing;
  if (fault.vmf.orig_pte.pte_none_mostly()) {
    next = co_await hugetlb_no_page(fault);
  } else {
    next = co_await hugetlb_page(fault);
  }
  co_return next;
}

// With both locks released: the kernel sleeps in handle_userfault without them.
sim::Task<VmFaultResult> go_on(VmFault& vmf, HugetlbNext next) {
  const auto userfault = vmf.mm->system->kernel->handle_userfault;
  switch (next) {
    case HugetlbNext::nothing:
      break;
    case HugetlbNext::sigbus:
      co_return VmFaultResult::sigbus;
    case HugetlbNext::hwpoison:
      co_return VmFaultResult::hwpoison;
    case HugetlbNext::retry:
      release_fault_lock(vmf);
      co_return VmFaultResult::retry;
    case HugetlbNext::missing:
    case HugetlbNext::minor:
    case HugetlbNext::wp: {
      Reason reason = next == HugetlbNext::minor ? Reason::minor : Reason::missing;
      if (next == HugetlbNext::wp) reason = Reason::wp;
      const VmFaultResult result = co_await userfault(vmf, reason);
      co_return result;
    }
  }
  co_return VmFaultResult::done;
}

}  // namespace

Pte make_huge_pte(const Memory& memory, const Folio& folio, PteAccess access, UffdWp wp) {
  return Pte::present(memory.pfn_of(folio), access, wp).pte_mkhuge();
}

sim::Task<VmFaultResult> hugetlb_fault(VmFault& vmf) {
  Vma& vma = *vmf.vma;
  Inode& inode = *vma.state.read().vm_file;
  const VirtAddr address = vmf.address.huge_page();
  const std::uint64_t index = vma_hugecache_offset(vma, address);
  sim::Lock& mutex = inode.hugetlb->fault_mutex(index);
  sim::RwLock& vma_lock = vma.state.read().hugetlb->lock;
  co_await mutex.lock();
  co_await vma_lock.read_lock();
  PageTable* table = co_await huge_pte_alloc(*vmf.mm, address);
  HugetlbFault fault{vmf, vma, inode, *table, address, index};
  const HugetlbNext next = co_await fault_under_locks(fault);
  vma_lock.read_unlock();
  mutex.unlock();
  const VmFaultResult result = co_await go_on(vmf, next);
  co_return result;
}

}  // namespace model
