// SPDX-License-Identifier: Apache-2.0
// Reverse mapping: how many page table entries map a folio, and through what those of it are found.
#pragma once
#include "model/mm/mm.hpp"
#include "model/mm/system.hpp"

namespace model {

// Gives the mapping an anon_vma, a neighbour's if that one fits. Called with mmap_lock held for reading.
sim::Task<void> anon_vma_prepare(Mm& mm, Vma& vma);

// `half` was split off `vma`: it may map the same folios.
void anon_vma_clone(Vma& vma, Vma& half);
// `child` is the copy that fork made of a mapping, and has no anon_vma yet: it gets one of its own, below the
// parent's.
void anon_vma_fork(System& system, Vma& child, const Vma& parent);
// The mapping goes away; its anon_vma with it if no other uses it.
void unlink_anon_vma(System& system, Vma& vma);

// The folio is mapped at `address` for the first time. Called with the pte lock held.
void folio_add_new_anon_rmap(Folio& folio, Vma& vma, VirtAddr address);
// The folio, which nobody else maps, is mapped at `address` from now on, and exclusive. Called with the pte
// lock held.
void folio_move_anon_rmap(Folio& folio, Vma& vma, VirtAddr address);
// A child's page table maps the folio too, which is no longer exclusive. Called with the pte lock held.
void folio_dup_anon_rmap(Folio& folio);
// One page table entry more maps a folio of a file. Called with the pte lock held.
void folio_add_file_rmap(Folio& folio);
// One page table entry less maps the folio. Called with the pte lock held.
void folio_remove_rmap(Folio& folio);

}  // namespace model
