// SPDX-License-Identifier: Apache-2.0
// Follows mm/memory.c: do_anonymous_page. A read maps the zero page, a write a page of its own; in a mapping
// registered for MISSING either becomes a userfault, decided under the pte lock after looking again. Where a
// UFFD_WP marker stood the page comes up write-protected, and the write that wanted it faults once more.
#include "model/fault/fault.hpp"
#include "model/kernels/kernel.hpp"
#include "model/mm/rmap.hpp"

namespace model {

sim::Task<PageTable*> pte_alloc(Mm& mm, VirtAddr address) {
  PageTables& tables = mm.page_tables;
  if (!tables.leaf(address)) {
    co_await tables.page_table_lock().lock();
    tables.alloc_leaf(address);
    tables.page_table_lock().unlock();
  }
  co_return tables.leaf(address);
}

sim::Task<VmFaultResult> do_anonymous_page(VmFault& vmf) {
  PageTables& tables = vmf.mm->page_tables;
  Memory& memory = vmf.mm->system->memory;
  PageTable* leaf = co_await pte_alloc(*vmf.mm, vmf.address);
  Folio* folio = nullptr;
  if (vmf.access == Access::write) {
    const VmFaultResult prepared = co_await vmf_anon_prepare(vmf);
    if (prepared != VmFaultResult::done) co_return prepared;
    folio = memory.alloc_folio();
    if (!folio) co_return VmFaultResult::oom;
  }

  co_await leaf->ptl.lock();
  const bool unchanged = tables.get(*leaf, vmf.address) == vmf.orig_pte;
  const bool missing = unchanged && vmf.vma->userfaultfd_missing();
  if (!unchanged || missing) {
    leaf->ptl.unlock();
    if (folio) memory.folio_put(*folio);
    if (!missing) co_return VmFaultResult::done;
    const VmFaultResult result = co_await vmf.mm->system->kernel->handle_userfault(vmf, Reason::missing);
    co_return result;
  }
  const UffdWp wp = vmf.orig_pte.is_marker(PteMarker::uffd_wp) ? UffdWp::set : UffdWp::clear;
  const PteAccess allowed = pte_access_of(vmf.vma->flags());
  if (folio) {
    folio_add_new_anon_rmap(*folio, *vmf.vma, vmf.address);
    tables.set(*leaf, vmf.address, Pte::present(memory.pfn_of(*folio), allowed, wp));
  } else {
    tables.set(*leaf, vmf.address, Pte::present(Memory::zero_pfn(), PteAccess::read, wp));
  }
  leaf->ptl.unlock();
  co_return VmFaultResult::done;
}

}  // namespace model
