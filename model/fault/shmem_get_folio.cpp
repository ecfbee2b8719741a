// SPDX-License-Identifier: Apache-2.0
#include "model/fault/shmem_get_folio.hpp"

#include "model/kernels/kernel.hpp"

namespace model {
namespace {

sim::Task<ShmemFolio> become_userfault(VmFault& vmf, Reason reason) {
  const VmFaultResult result = co_await vmf.mm->system->kernel->handle_userfault(vmf, reason);
  co_return ShmemFolio{.fault = result};
}

void drop(System& system, Folio& folio) {
  folio.lock.unlock();
  system.memory.folio_put(folio);
}

// A folio of zeros in the page cache, locked; null with EEXIST if somebody else was faster.
sim::Task<ShmemFolio> alloc_and_add_folio(System& system, Inode& inode, std::uint64_t index) {
  Folio* folio = system.memory.alloc_folio();
  if (!folio) co_return ShmemFolio{.error = Errno::nomem};
  const bool locked = folio->lock.try_lock();  // nobody else knows it
  SIM_ASSERT(locked);
  co_await sim::point("shmem_add_to_page_cache");
  const Errno error = shmem_add_to_page_cache(system, inode, index, *folio);
  if (error == Errno::none) co_return ShmemFolio{.folio = folio};
  drop(system, *folio);
  co_return ShmemFolio{.error = error};
}

bool beyond(const Inode& inode, std::uint64_t index, Sgp sgp) {
  return sgp != Sgp::write && index >= inode.i_size.read();
}

}  // namespace

sim::Task<ShmemFolio> shmem_get_folio(System& system, Inode& inode, std::uint64_t index, Sgp sgp,
                                      VmFault* vmf) {
  for (;;) {
    co_await sim::point("i_size_read");
    if (beyond(inode, index, sgp)) co_return ShmemFolio{.error = Errno::inval};
    co_await sim::point("filemap_get_entry");
    Folio* folio = inode.i_pages.load(index);
    ShmemFolio found;
    if (folio && vmf && vmf->vma->userfaultfd_minor()) {
      found = co_await become_userfault(*vmf, Reason::minor);
      co_return found;
    }
    if (folio) {
      system.memory.folio_get(*folio);
      co_await folio->lock.lock();
      if (folio->state.read().mapping != &inode) {  // truncated meanwhile
        drop(system, *folio);
        continue;
      }
      found.folio = folio;
    } else {
      if (sgp == Sgp::noalloc) co_return ShmemFolio{.error = Errno::noent};
      if (vmf && vmf->vma->userfaultfd_missing()) {
        found = co_await become_userfault(*vmf, Reason::missing);
        co_return found;
      }
      found = co_await alloc_and_add_folio(system, inode, index);
      if (found.error == Errno::exist) continue;
      if (found.error != Errno::none) co_return found;
    }
    if (!beyond(inode, index, sgp)) co_return found;
    // The file was truncated since we asked. What was added just now nobody else will remove.
    if (!folio) filemap_remove_folio(system, *found.folio);
    drop(system, *found.folio);
    co_return ShmemFolio{.error = Errno::inval};
  }
}

}  // namespace model
