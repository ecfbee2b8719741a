// SPDX-License-Identifier: Apache-2.0
// Follows mm/memory.c: do_wp_page. The zero page is copied; a page of the mapping's own is made writable.
// A page that userfaultfd protects becomes a userfault first; with WP_ASYNC the kernel lifts the protection
// itself.
//
// Simplified: without fork every anonymous folio is exclusive, so none is ever copied.
#include "model/fault/fault.hpp"
#include "model/kernels/kernel.hpp"
#include "model/mm/rmap.hpp"

namespace model {
namespace {

// Called with no pte lock; otherwise as handle_mm_fault.
sim::Task<VmFaultResult> wp_page_copy(VmFault& vmf, PageTable& leaf) {
  const VmFaultResult prepared = co_await vmf_anon_prepare(vmf);
  if (prepared != VmFaultResult::done) co_return prepared;
  Memory& memory = vmf.mm->system->memory;
  Folio* copy = memory.alloc_folio();
  if (!copy) co_return VmFaultResult::oom;
  co_await leaf.ptl.lock();
  if (vmf.mm->page_tables.get(leaf, vmf.address) == vmf.orig_pte) {
    const VirtAddr page = vmf.address.page();
    vmf.mm->page_tables.set(leaf, vmf.address, Pte{});
    vmf.mm->system->flush_tlbs({page, page + PageCount{1}});  // ptep_clear_flush: before anyone sees the copy
    folio_add_new_anon_rmap(*copy, *vmf.vma, vmf.address);
    vmf.mm->page_tables.set(leaf, vmf.address, Pte::present(memory.pfn_of(*copy), PteAccess::write));
    leaf.ptl.unlock();
  } else {
    leaf.ptl.unlock();
    memory.folio_put(*copy);
  }
  co_return VmFaultResult::done;
}

}  // namespace

sim::Task<VmFaultResult> do_wp_page(VmFault& vmf, PageTable& leaf) {
  Mm& mm = *vmf.mm;
  const Kernel& kernel = *mm.system->kernel;
  if (vmf.vma->userfaultfd_wp()) {
    const bool protects = vmf.orig_pte.pte_uffd_wp() == UffdWp::set;
    if (protects && !kernel.userfaultfd_wp_async(*vmf.vma)) {
      leaf.ptl.unlock();
      const VmFaultResult result = co_await kernel.handle_userfault(vmf, Reason::wp);
      co_return result;
    }
    if (protects) {
      vmf.orig_pte = vmf.orig_pte.pte_clear_uffd_wp();
      mm.page_tables.set(leaf, vmf.address, vmf.orig_pte);
    }
    // Whoever protects a range flushes once, at its end; nobody may still write to what is about to be
    // copied.
    const VirtAddr page = vmf.address.page();
    if (mm.tlb_flush_pending.read() > 0) mm.system->flush_tlbs({page, page + PageCount{1}});
  }
  if (mm.system->memory.is_zero_page(vmf.orig_pte.pte_pfn())) {
    leaf.ptl.unlock();
    const VmFaultResult result = co_await wp_page_copy(vmf, leaf);
    co_return result;
  }
  mm.page_tables.set(leaf, vmf.address, vmf.orig_pte.pte_mkwrite());
  leaf.ptl.unlock();
  co_return VmFaultResult::done;
}

}  // namespace model
