// SPDX-License-Identifier: Apache-2.0
// Follows mm/userfaultfd.c: mfill_atomic_install_pte and mfill_file_over_size, and mm/shmem.c:
// shmem_mfill_atomic_pte.
#include "model/uffd/mfill_page.hpp"

#include "model/kernels/kernel.hpp"
#include "model/mm/rmap.hpp"
#include "model/mm/shmem.hpp"
#include "model/uffd/mfill.hpp"

namespace model {
namespace {

// What the leaf allows: as the mapping does, but a private mapping copies a file's page first.
PteAccess access_of(const Vma& vma, const Folio& folio) {
  const bool files_own = folio.state.read().mapping && !vma.shared();
  return files_own ? zero_page_access(vma.flags()) : pte_access_of(vma.flags());
}

sim::Task<Errno> shmem_mfill_atomic_pte(Mm& mm, Vma& vma, VirtAddr address, Folio& folio, UffdWp wp) {
  System& system = *mm.system;
  Inode& inode = *vma.state.read().vm_file;
  const bool locked = folio.lock.try_lock();  // nobody else knows it
  SIM_ASSERT(locked);
  Errno error = Errno::fault;
  bool beyond = false;
  if (system.kernel->size_asked == SizeAsked::when_added) {
    co_await sim::point("i_size_read");
    beyond = system.kernel->mfill_file_over_size(vma, address);
  }
  if (!beyond) {
    co_await sim::point("shmem_add_to_page_cache");
    error = shmem_add_to_page_cache(system, inode, vma.linear_page_index(address), folio);
    if (error == Errno::none) {
      error = co_await mfill_atomic_install_pte(mm, vma, address, folio, wp);
      if (error != Errno::none) filemap_remove_folio(system, folio);
    }
  }
  folio.lock.unlock();
  co_return error;
}

}  // namespace

bool mfill_file_over_size(const Vma& vma, VirtAddr address) {
  const Inode* inode = vma.state.read().vm_file;
  return inode && vma.linear_page_index(address) >= inode->i_size.read();
}

sim::Task<Errno> mfill_atomic_set_pte(Mm& mm, const Vma& vma, VirtAddr address, Pte pte) {
  PageTable* leaf = co_await mfill_lock_pte(mm, address);
  Errno error = Errno::none;
  if (mm.system->kernel->mfill_file_over_size(vma, address)) {
    error = Errno::fault;
  } else if (!mm.page_tables.get(*leaf, address).pte_none()) {
    error = Errno::exist;
  } else {
    mm.page_tables.set(*leaf, address, pte);
  }
  leaf->ptl.unlock();
  co_return error;
}

sim::Task<Errno> mfill_atomic_install_pte(Mm& mm, Vma& vma, VirtAddr address, Folio& folio, UffdWp wp) {
  PageTable* leaf = co_await mfill_lock_pte(mm, address);
  Errno error = Errno::none;
  const Pte there = mm.page_tables.get(*leaf, address);
  if (mm.system->kernel->mfill_file_over_size(vma, address)) {
    error = Errno::fault;
  } else if (!there.pte_none() && !mm.system->kernel->is_uffd_marker(there)) {
    error = Errno::exist;
  } else {
    if (folio.state.read().mapping) {
      folio_add_file_rmap(folio);
    } else {
      folio_add_new_anon_rmap(folio, vma, address);
    }
    const Pfn pfn = mm.system->memory.pfn_of(folio);
    mm.page_tables.set(*leaf, address, Pte::present(pfn, access_of(vma, folio), wp).pte_mkdirty());
  }
  leaf->ptl.unlock();
  co_return error;
}

sim::Task<Folio*> mfill_alloc_folio(Mm& mm, Vma& vma, VirtAddr address) {
  const Kernel& kernel = *mm.system->kernel;
  if (vma.shared() && kernel.size_asked == SizeAsked::when_allocated) {
    co_await sim::point("i_size_read");
    if (kernel.mfill_file_over_size(vma, address)) co_return nullptr;
  }
  co_return mm.system->memory.alloc_folio();
}

sim::Task<Errno> mfill_atomic_new_folio(Mm& mm, Vma& vma, VirtAddr address, Folio& folio, UffdWp wp) {
  // A private mapping of a file gets a page of its own; the file keeps its hole.
  return vma.shared() ? shmem_mfill_atomic_pte(mm, vma, address, folio, wp)
                      : mfill_atomic_install_pte(mm, vma, address, folio, wp);
}

}  // namespace model
