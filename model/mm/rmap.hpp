// SPDX-License-Identifier: Apache-2.0
// Reverse mapping of anonymous folios: which mappings may map a folio.
#pragma once
#include "model/mm/mm.hpp"
#include "model/mm/system.hpp"

namespace model {

// Gives the mapping an anon_vma, a neighbour's if that one fits. Called with mmap_lock held for reading.
sim::Task<void> anon_vma_prepare(Mm& mm, Vma& vma);

// `half` was split off `vma`: it may map the same folios.
void anon_vma_clone(Vma& vma, Vma& half);
// The mapping goes away; its anon_vma with it if no other uses it.
void unlink_anon_vma(System& system, Vma& vma);

// The folio is mapped at `address` for the first time. Called with the pte lock held.
void folio_add_new_anon_rmap(Folio& folio, Vma& vma, VirtAddr address);
// The folio, which nobody else maps, is mapped at `address` of this mapping from now on. Called with the pte
// lock held.
void folio_move_anon_rmap(Folio& folio, Vma& vma, VirtAddr address);
// One page table entry less maps the folio. Called with the pte lock held.
void folio_remove_rmap(Folio& folio);

}  // namespace model
