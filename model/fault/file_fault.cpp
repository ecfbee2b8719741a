// SPDX-License-Identifier: Apache-2.0
// Follows mm/memory.c: do_fault, do_read_fault, do_cow_fault, do_shared_fault, finish_fault and
// set_pte_range, and mm/shmem.c: shmem_fault.
#include "model/fault/file_fault.hpp"

#include "model/fault/shmem_get_folio.hpp"
#include "model/kernels/kernel.hpp"
#include "model/mm/rmap.hpp"

namespace model {
namespace {

bool no_hole_is_punched(const void* inode, sim::ThreadId) {
  const Inode::Falloc& falloc = static_cast<const Inode*>(inode)->falloc.peek();
  return falloc.first == falloc.end;
}

// The page is in a hole that is being punched: the fault waits without its lock, then starts again.
sim::Task<VmFaultResult> shmem_falloc_wait(VmFault& vmf, Inode& inode) {
  System& system = *vmf.mm->system;
  iget(inode);
  release_fault_lock(vmf);
  co_await sim::PointWhen(no_hole_is_punched, &inode, "shmem_falloc_wait");
  iput(system, inode);
  co_return VmFaultResult::retry;
}

// The page of the file, locked, in `found`; or what became of the fault.
sim::Task<VmFaultResult> shmem_fault(VmFault& vmf, Folio*& found) {
  Inode& inode = *vmf.vma->state.read().vm_file;
  const std::uint64_t index = vmf.vma->linear_page_index(vmf.address);
  co_await sim::point("shmem_falloc");
  if (inode.falloc.read().covers(index)) {
    const VmFaultResult result = co_await shmem_falloc_wait(vmf, inode);
    co_return result;
  }
  const ShmemFolio folio = co_await shmem_get_folio(*vmf.mm->system, inode, index, Sgp::cache, &vmf);
  found = folio.folio;
  if (folio.error == Errno::nomem) co_return VmFaultResult::oom;
  if (folio.error != Errno::none) co_return VmFaultResult::sigbus;
  co_return folio.fault;
}

// The leaf for the folio, as the mapping and the access want it. A UFFD_WP marker that stood there becomes
// the bit.
Pte file_leaf(const VmFault& vmf, const Folio& folio) {
  const Vma& vma = *vmf.vma;
  const UffdWp wp = vmf.orig_pte.is_marker(PteMarker::uffd_wp) ? UffdWp::set : UffdWp::clear;
  const Pfn pfn = vmf.mm->system->memory.pfn_of(folio);
  if (vmf.access == Access::write) return Pte::present(pfn, pte_access_of(vma.flags()), wp).pte_mkdirty();
  return Pte::present(pfn, vm_page_prot(*vmf.mm->system->kernel, vma.flags()), wp).pte_mkclean();
}

// Maps the folio unless the leaf has changed. A reference to it is the leaf's if it is mapped, else dropped.
sim::Task<void> finish_fault(VmFault& vmf, Folio& folio) {
  PageTables& tables = vmf.mm->page_tables;
  PageTable* leaf = co_await pte_alloc(*vmf.mm, vmf.address);
  co_await leaf->ptl.lock();
  const bool unchanged = tables.get(*leaf, vmf.address) == vmf.orig_pte;
  if (unchanged) {
    if (folio.state.read().mapping) {
      folio_add_file_rmap(folio);
    } else {
      folio_add_new_anon_rmap(folio, *vmf.vma, vmf.address);
    }
    tables.set(*leaf, vmf.address, file_leaf(vmf, folio));
  }
  leaf->ptl.unlock();
  if (!unchanged) vmf.mm->system->memory.folio_put(folio);
}

// Reads, and writes to a shared mapping: the file's page itself is mapped.
sim::Task<VmFaultResult> do_shared_fault(VmFault& vmf) {
  Folio* folio = nullptr;
  const VmFaultResult result = co_await shmem_fault(vmf, folio);
  if (!folio) co_return result;
  co_await finish_fault(vmf, *folio);
  folio->lock.unlock();
  co_return VmFaultResult::done;
}

// A write to a private mapping: it gets a copy of the file's page, which stands in the file all the same.
sim::Task<VmFaultResult> do_cow_fault(VmFault& vmf) {
  Memory& memory = vmf.mm->system->memory;
  const VmFaultResult prepared = co_await vmf_anon_prepare(vmf);
  if (prepared != VmFaultResult::done) co_return prepared;
  Folio* copy = memory.alloc_folio();
  if (!copy) co_return VmFaultResult::oom;
  Folio* folio = nullptr;
  const VmFaultResult result = co_await shmem_fault(vmf, folio);
  if (!folio) {
    memory.folio_put(*copy);
    co_return result;
  }
  copy->state.modify().content = folio->state.read().content;
  co_await finish_fault(vmf, *copy);
  folio->lock.unlock();
  memory.folio_put(*folio);
  co_return VmFaultResult::done;
}

}  // namespace

sim::Task<VmFaultResult> do_fault(VmFault& vmf) {
  VmFaultResult result = VmFaultResult::done;
  if (vmf.access == Access::read) {
    const Around around = co_await do_fault_around(vmf);
    if (around == Around::mapped_it) co_return VmFaultResult::done;
  }
  const bool own_page = vmf.access == Access::write && !vmf.vma->shared();
  if (own_page) {
    result = co_await do_cow_fault(vmf);
  } else {
    result = co_await do_shared_fault(vmf);
  }
  co_return result;
}

}  // namespace model
