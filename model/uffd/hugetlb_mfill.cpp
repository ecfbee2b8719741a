// SPDX-License-Identifier: Apache-2.0
// Follows mm/userfaultfd.c: mfill_atomic_hugetlb, and mm/hugetlb.c: hugetlb_mfill_atomic_pte.
#include "model/uffd/hugetlb_mfill.hpp"

#include "model/fault/hugetlb_fault.hpp"
#include "model/kernels/kernel.hpp"
#include "model/mm/rmap.hpp"

namespace model {
namespace {

// The page that is filled, with the locks that keep faults out.
struct Place {
  Vma& vma;
  Inode& inode;
  VirtAddr address;
  std::uint64_t index;
  PageTable* table = nullptr;

  Mm& mm() const { return *vma.vm_mm; }
  System& system() const { return *vma.vm_mm->system; }
  sim::Lock& mutex() const { return inode.hugetlb->fault_mutex(index); }
  sim::RwLock& vma_lock() const { return vma.state.read().hugetlb->lock; }
  Pte now() const { return mm().page_tables.huge_ptep_get(*table, address); }
};

Place place_at(Vma& vma, VirtAddr address) {
  return {vma, *vma.state.read().vm_file, address, vma_hugecache_offset(vma, address)};
}

sim::Task<void> lock_place(Place& place) {
  co_await place.mutex().lock();
  co_await place.vma_lock().read_lock();
  place.table = co_await huge_pte_alloc(place.mm(), place.address);
}

void unlock_place(const Place& place) {
  place.vma_lock().read_unlock();
  place.mutex().unlock();
}

PteAccess access_of(const Vma& vma, const Folio& folio) {
  const bool files_own = folio.state.read().mapping && !vma.shared();
  return files_own ? zero_page_access(vma.flags()) : pte_access_of(vma.flags());
}

// Maps the folio, whose reference is the leaf's if it succeeds.
sim::Task<Errno> install(Place& place, Folio& folio, UffdWp wp) {
  co_await place.table->ptl.lock();
  const bool occupied = !place.now().pte_none_mostly();
  if (!occupied) {
    if (folio.state.read().mapping) {
      folio_add_file_rmap(folio);
    } else {
      folio_add_new_anon_rmap(folio, place.vma, place.address);
      folio.state.modify().restore_reserve = false;
    }
    const Pte leaf = make_huge_pte(place.system().memory, folio, access_of(place.vma, folio), wp);
    place.mm().page_tables.set_huge_pte_at(*place.table, place.address, leaf.pte_mkdirty());
  }
  place.table->ptl.unlock();
  co_return occupied ? Errno::exist : Errno::none;
}

sim::Task<Errno> poison(Place& place) {
  co_await place.table->ptl.lock();
  const bool occupied = !place.now().pte_none();
  if (!occupied) {
    const Pte marker = Pte::marker(PteMarker::poisoned);
    place.mm().page_tables.set_huge_pte_at(*place.table, place.address, marker);
  }
  place.table->ptl.unlock();
  co_return occupied ? Errno::exist : Errno::none;
}

sim::Task<Errno> map_cached_page(Place& place, UffdWp wp) {
  co_await sim::point("filemap_lock_hugetlb_folio");
  Folio* folio = place.inode.i_pages.load(place.index);
  if (!folio) co_return Errno::fault;
  place.system().memory.folio_get(*folio);
  const Errno error = co_await install(place, *folio, wp);
  if (error != Errno::none) place.system().memory.folio_put(*folio);
  co_return error;
}

// The page with its bytes in it; null: see `error`.
sim::Task<Folio*> filled_page(const Place& place, HugeSource source, Errno& error) {
  error = place.system().kernel->copy_from_empty_pool;
  if (source.staged) error = Errno::nomem;
  Folio* folio = co_await alloc_hugetlb_folio(place.vma, place.address, Promise::used);
  if (!folio) co_return nullptr;
  error = Errno::noent;
  bool read = true;
  if (source.staged) {
    folio->state.modify().content = source.staged->state.read().content;
  } else {
    read = co_await source.read(source.source, *folio);
  }
  if (read) co_return folio;
  restore_reserve_on_error(place.vma, place.address, *folio);
  co_return nullptr;
}

// Makes the page the file's.
sim::Task<Errno> add_to_file(Place& place, Folio& folio) {
  co_await sim::point("i_size_read");
  if (place.index >= place.inode.i_size.read() / kPagesPerHugePage) co_return Errno::fault;
  co_return hugetlb_add_to_page_cache(place.system(), place.inode, place.index, folio);
}

sim::Task<Errno> copy(Place& place, HugeSource source, UffdWp wp) {
  co_await sim::point("huge_ptep_get");
  if (!place.now().pte_none_mostly()) co_return Errno::exist;
  if (place.vma.shared()) {
    co_await sim::point("hugetlbfs_pagecache_present");
    if (place.inode.i_pages.load(place.index)) co_return Errno::exist;
  }
  Errno error = Errno::none;
  Folio* folio = co_await filled_page(place, source, error);
  if (!folio) co_return error;
  error = Errno::none;
  if (place.vma.shared()) error = co_await add_to_file(place, *folio);
  if (error == Errno::none) error = co_await install(place, *folio, wp);
  if (error == Errno::none) co_return error;
  // What is in the file stays there.
  if (folio->state.read().mapping) {
    place.system().memory.folio_put(*folio);
  } else {
    restore_reserve_on_error(place.vma, place.address, *folio);
  }
  co_return error;
}

}  // namespace

sim::Task<Errno> hugetlb_mfill_poison(Mm&, Vma& vma, VirtAddr address) {
  Place place = place_at(vma, address);
  co_await lock_place(place);
  const Errno error = co_await poison(place);
  unlock_place(place);
  co_return error;
}

sim::Task<Errno> hugetlb_mfill_continue(Mm&, Vma& vma, VirtAddr address, UffdWp wp) {
  Place place = place_at(vma, address);
  co_await lock_place(place);
  const Errno error = co_await map_cached_page(place, wp);
  unlock_place(place);
  co_return error;
}

sim::Task<Errno> hugetlb_mfill_copy(Mm&, Vma& vma, VirtAddr address, HugeSource source, UffdWp wp) {
  Place place = place_at(vma, address);
  co_await lock_place(place);
  const Errno error = co_await copy(place, source, wp);
  unlock_place(place);
  co_return error;
}

}  // namespace model
