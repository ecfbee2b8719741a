// SPDX-License-Identifier: Apache-2.0
// Follows mm/memory.c: handle_pte_marker, pte_marker_handle_uffd_wp and pte_marker_clear.
#include "model/fault/fault.hpp"

namespace model {
namespace {

// A marker that was left behind when its mapping stopped being registered. Called with the fault lock held.
sim::Task<VmFaultResult> pte_marker_clear(VmFault& vmf) {
  PageTables& tables = vmf.mm->page_tables;
  PageTable& leaf = *tables.leaf(vmf.address);
  co_await leaf.ptl.lock();
  if (tables.get(leaf, vmf.address) == vmf.orig_pte) tables.set(leaf, vmf.address, Pte{});
  leaf.ptl.unlock();
  co_return VmFaultResult::done;
}

}  // namespace

sim::Task<VmFaultResult> handle_pte_marker(VmFault& vmf) {
  if (vmf.orig_pte.is_poisoned()) co_return VmFaultResult::hwpoison;
  if (vmf.orig_pte.is_guard()) co_return VmFaultResult::sigsegv;
  VmFaultResult result = VmFaultResult::done;
  if (vmf.vma->userfaultfd_wp()) {
    result = co_await do_pte_missing(vmf);
  } else {
    result = co_await pte_marker_clear(vmf);
  }
  co_return result;
}

}  // namespace model
