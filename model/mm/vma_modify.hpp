// SPDX-License-Identifier: Apache-2.0
// Splitting and merging of mappings by the kernel's rules: two neighbours become one when their flags, their
// userfaultfd context, their page offsets and their anon_vmas agree.
#pragma once
#include "model/mm/mm.hpp"
#include "model/mm/system.hpp"

namespace model {

// Splits the mapping at `address`, strictly inside it; returns the upper half. Both are write-locked. Called
// with mmap_lock held for writing.
sim::Task<Vma*> split_vma(Mm& mm, Vma& vma, VirtAddr address);

// Gives [range] of the mapping other flags and another context, and merges what then agrees. Returns the
// mapping that contains the range afterwards. Called with mmap_lock held for writing.
sim::Task<Vma*> vma_modify_flags_uffd(Mm& mm, Vma& vma, AddrRange range, std::uint8_t flags, UserfaultfdCtx* ctx);

// Adds a new private anonymous mapping, merged with its neighbours where they agree. Called with mmap_lock
// held for writing and nothing mapped in the range.
sim::Task<Vma*> map_anonymous(Mm& mm, AddrRange range, std::uint8_t flags);

// Takes the mapping out of the address space. It is the caller's then, to be given to free_vma().
void detach_vma(Mm& mm, Vma& vma);
void free_vma(Mm& mm, Vma& vma);

}  // namespace model
