// SPDX-License-Identifier: Apache-2.0
// Follows mm/memory.c: do_wp_page. The zero page is copied, and so are a page that another process maps and,
// where the mapping is private, a file's; a page of the mapping's own, and a shared one, is made writable. A
// page that userfaultfd protects becomes a userfault first; with WP_ASYNC the kernel lifts the protection
// itself.
#include "model/fault/fault.hpp"
#include "model/kernels/kernel.hpp"
#include "model/mm/rmap.hpp"

namespace model {
namespace {

// Nobody else has it, or nobody any more.
bool wp_can_reuse_anon_folio(const Folio& folio) {
  return folio.state.read().anon_exclusive || folio.state.read().refcount == 1;
}

// Gives the mapping a copy of `old`, or of the zero page if that is null. Called with no pte lock and a
// reference to `old`, which is dropped; otherwise as handle_mm_fault.
sim::Task<VmFaultResult> wp_page_copy(VmFault& vmf, PageTable& leaf, Folio* old) {
  Memory& memory = vmf.mm->system->memory;
  const VmFaultResult prepared = co_await vmf_anon_prepare(vmf);
  Folio* copy = prepared == VmFaultResult::done ? memory.alloc_folio() : nullptr;
  if (!copy) {
    if (old) memory.folio_put(*old);
    co_return prepared == VmFaultResult::done ? VmFaultResult::oom : prepared;
  }
  if (old) copy->state.modify().content = old->state.read().content;
  co_await leaf.ptl.lock();
  if (vmf.mm->page_tables.get(leaf, vmf.address) == vmf.orig_pte) {
    const VirtAddr page = vmf.address.page();
    vmf.mm->page_tables.set(leaf, vmf.address, Pte{});
    vmf.mm->flush_tlb_range({page, page + PageCount{1}});  // ptep_clear_flush: before anyone sees the copy
    folio_add_new_anon_rmap(*copy, *vmf.vma, vmf.address);
    vmf.mm->page_tables.set(leaf, vmf.address, Pte::present(memory.pfn_of(*copy), PteAccess::write));
    if (old) folio_remove_rmap(*old);
    leaf.ptl.unlock();
    if (old) memory.folio_put(*old);  // the page table's
  } else {
    leaf.ptl.unlock();
    memory.folio_put(*copy);
  }
  if (old) memory.folio_put(*old);
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
    if (mm.tlb_flush_pending.read() > 0) mm.flush_tlb_range({page, page + PageCount{1}});
  }
  Memory& memory = mm.system->memory;
  if (vmf.vma->shared()) {
    mm.page_tables.set(leaf, vmf.address, vmf.orig_pte.pte_mkwrite());
    leaf.ptl.unlock();
    co_return VmFaultResult::done;
  }
  const bool zero_page = memory.is_zero_page(vmf.orig_pte.pte_pfn());
  Folio* folio = zero_page ? nullptr : &memory.folio_at(vmf.orig_pte.pte_pfn());
  if (!folio || !wp_can_reuse_anon_folio(*folio)) {
    if (folio) memory.folio_get(*folio);
    leaf.ptl.unlock();
    const VmFaultResult result = co_await wp_page_copy(vmf, leaf, folio);
    co_return result;
  }
  if (!folio->state.read().anon_exclusive) folio_move_anon_rmap(*folio, *vmf.vma, vmf.address);
  mm.page_tables.set(leaf, vmf.address, vmf.orig_pte.pte_mkwrite());
  leaf.ptl.unlock();
  co_return VmFaultResult::done;
}

}  // namespace model
