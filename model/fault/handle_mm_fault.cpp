// SPDX-License-Identifier: Apache-2.0
// Follows mm/memory.c: handle_mm_fault and handle_pte_fault.
#include "model/fault/fault.hpp"
#include "model/fault/file_fault.hpp"
#include "model/fault/hugetlb_fault.hpp"
#include "model/kernels/kernel.hpp"
#include "model/mm/rmap.hpp"

namespace model {

void release_fault_lock(const VmFault& vmf) {
  if (vmf.lock == FaultLock::vma) {
    vmf.vma->lock.read_unlock();
  } else {
    vmf.mm->mmap_lock.read_unlock();
  }
}

PteAccess pte_access_of(VmFlagBits vm_flags) {
  if (vm_flags & VM_WRITE) return PteAccess::write;
  return vm_flags & VM_READ ? PteAccess::read : PteAccess::none;
}

PteAccess zero_page_access(VmFlagBits vm_flags) {
  return pte_access_of(vm_flags) == PteAccess::none ? PteAccess::none : PteAccess::read;
}

PteAccess vm_page_prot(const Kernel& kernel, VmFlagBits vm_flags) {
  const bool writes_at_once = vm_flags & VM_SHARED && !kernel.vma_wants_writenotify(vm_flags);
  return writes_at_once ? pte_access_of(vm_flags) : zero_page_access(vm_flags);
}

sim::Task<VmFaultResult> do_pte_missing(VmFault& vmf) {
  return vmf.vma->vma_is_anonymous() ? do_anonymous_page(vmf) : do_fault(vmf);
}

namespace {

sim::Task<VmFaultResult> handle_pte_fault(VmFault& vmf) {
  co_await sim::point("handle_pte_fault");
  PageTables& tables = vmf.mm->page_tables;
  vmf.orig_pte = tables.walk(vmf.address);
  if (vmf.orig_pte.pte_none()) {
    const VmFaultResult result = co_await do_pte_missing(vmf);
    co_return result;
  }
  if (vmf.orig_pte.is_pte_marker()) {
    const VmFaultResult result = co_await handle_pte_marker(vmf);
    co_return result;
  }
  if (vmf.orig_pte.pte_protnone() && vmf.vma->flags() & kAccessFlags) {
    const VmFaultResult result = co_await do_protnone_page(vmf);
    co_return result;
  }
  PageTable& leaf = *tables.leaf(vmf.address);
  co_await leaf.ptl.lock();
  const Pte now = tables.get(leaf, vmf.address);
  if (now == vmf.orig_pte && vmf.access == Access::write && !now.pte_write()) {
    const VmFaultResult result = co_await do_wp_page(vmf, leaf);
    co_return result;
  }
  // Somebody else has changed the leaf, or the fault was spurious: the access is simply tried again.
  leaf.ptl.unlock();
  co_return VmFaultResult::done;
}

}  // namespace

sim::Task<VmFaultResult> handle_mm_fault(VmFault& vmf) {
  return vmf.vma->is_vm_hugetlb_page() ? hugetlb_fault(vmf) : handle_pte_fault(vmf);
}

sim::Task<VmFaultResult> try_anon_prepare(VmFault& vmf) {
  if (vmf.vma->state.read().anon_vma) co_return VmFaultResult::done;
  if (vmf.lock == FaultLock::mmap) {
    co_await anon_vma_prepare(*vmf.mm, *vmf.vma);
    co_return VmFaultResult::done;
  }
  co_await sim::point("mmap_read_trylock");
  if (!vmf.mm->mmap_lock.try_read_lock()) co_return VmFaultResult::retry;
  co_await anon_vma_prepare(*vmf.mm, *vmf.vma);
  vmf.mm->mmap_lock.read_unlock();
  co_return VmFaultResult::done;
}

sim::Task<VmFaultResult> vmf_anon_prepare(VmFault& vmf) {
  const VmFaultResult result = co_await try_anon_prepare(vmf);
  if (result == VmFaultResult::retry) release_fault_lock(vmf);
  co_return result;
}

}  // namespace model
