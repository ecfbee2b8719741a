// SPDX-License-Identifier: Apache-2.0
// Follows mm/memory.c: do_uffd_rwp and do_numa_page. Whether the leaf is protected is decided without its
// lock: who becomes a userfault looks once more before it sleeps.
#include "model/fault/change_protection.hpp"
#include "model/fault/fault.hpp"
#include "model/kernels/kernel.hpp"
#include "model/mm/uffd_leaf.hpp"

namespace model {

sim::Task<VmFaultResult> do_protnone_page(VmFault& vmf) {
  System& system = *vmf.mm->system;
  PageTables& tables = vmf.mm->page_tables;
  const bool rwp = uffd_leaf(vmf.vma->flags(), vmf.orig_pte) == UffdLeaf::access_protected;
  if (rwp && !system.kernel->userfaultfd_rwp_async(*vmf.vma)) {
    const VmFaultResult result = co_await system.kernel->handle_userfault(vmf, Reason::rwp);
    co_return result;
  }
  PageTable& leaf = *tables.leaf(vmf.address);
  co_await leaf.ptl.lock();
  if (tables.get(leaf, vmf.address) == vmf.orig_pte) {
    // What fork has left protected in a mapping that lost its registration is taken for a page that NUMA
    // balancing watches: its uffd bit stays.
    const Pte pte = rwp ? vmf.orig_pte.pte_clear_uffd_wp() : vmf.orig_pte;
    tables.set(leaf, vmf.address, with_rights_of(system, vmf.vma->flags(), pte));
  }
  leaf.ptl.unlock();
  co_return VmFaultResult::done;
}

}  // namespace model
