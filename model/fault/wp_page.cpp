// SPDX-License-Identifier: Apache-2.0
// Follows mm/memory.c: do_wp_page. The zero page is copied; a page of the mapping's own is made writable.
//
// Simplified: without fork every anonymous folio is exclusive, so none is ever copied.
#include "model/fault/fault.hpp"
#include "model/mm/rmap.hpp"

namespace model {
namespace {

// Called with no pte lock; otherwise as handle_mm_fault.
sim::Task<VmFaultResult> wp_page_copy(VmFault& vmf, PageTable& leaf, Pte orig) {
  const VmFaultResult prepared = co_await vmf_anon_prepare(vmf);
  if (prepared != VmFaultResult::done) co_return prepared;
  Memory& memory = vmf.mm->system->memory;
  Folio* copy = memory.alloc_folio();
  if (!copy) co_return VmFaultResult::oom;
  co_await leaf.ptl.lock();
  if (vmf.mm->page_tables.get(leaf, vmf.address) == orig) {
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

sim::Task<VmFaultResult> do_wp_page(VmFault& vmf, PageTable& leaf, Pte orig) {
  if (vmf.mm->system->memory.is_zero_page(orig.pte_pfn())) {
    leaf.ptl.unlock();
    const VmFaultResult result = co_await wp_page_copy(vmf, leaf, orig);
    co_return result;
  }
  vmf.mm->page_tables.set(leaf, vmf.address, Pte::present(orig.pte_pfn(), PteAccess::write));
  leaf.ptl.unlock();
  co_return VmFaultResult::done;
}

}  // namespace model
