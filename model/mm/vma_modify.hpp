// SPDX-License-Identifier: Apache-2.0
// Splitting and merging of mappings by the kernel's rules: two neighbours become one when their flags, their
// userfaultfd context, their files, their page offsets and their anon_vmas agree.
#pragma once
#include "model/mm/mm.hpp"
#include "model/mm/system.hpp"

namespace model {

// Splits the mapping at `address`, strictly inside it and where it may be split; returns the upper half. Both
// are write-locked. Called with mmap_lock held for writing.
sim::Task<Vma*> split_vma(Mm& mm, Vma& vma, VirtAddr address);

// Gives [range] of the mapping other flags and another context, and merges what then agrees. Returns the
// mapping that contains the range afterwards. Called with mmap_lock held for writing.
sim::Task<Vma*> vma_modify_flags_uffd(Mm& mm, Vma& vma, AddrRange range, VmFlagBits flags,
                                      UserfaultfdCtx* ctx);

// The file that is mapped, and its page at the start of the mapping. No file: private anonymous memory.
struct FilePages {
  Inode* inode = nullptr;
  std::uint64_t first = 0;
  ResvMap* resv = nullptr;  // of huge pages, mapped private: what has been promised to the mapping
};

// Adds a new mapping, merged with its neighbours where they agree; it takes a reference to the file. Called
// with mmap_lock held for writing and nothing mapped in the range.
sim::Task<Vma*> map_region(Mm& mm, AddrRange range, VmFlagBits flags, FilePages file = {});

// A mapping in `to`, where nothing is, for what `vma` has from `from` on: with its flags, its context and its
// file, merged with the neighbours that agree if it may be. Those may be `vma` itself. Called with mmap_lock
// held for writing.
enum class Merge : std::uint8_t { with_neighbours, never };
sim::Task<Vma*> copy_vma(Mm& mm, Vma& vma, VirtAddr from, AddrRange to, Merge merge);

// The mapping ends so much later, and is merged with what it reaches if that agrees. Called with mmap_lock
// held for writing and nothing mapped in between.
sim::Task<Vma*> vma_merge_extend(Mm& mm, Vma& vma, PageCount more);

// The file knows of a new mapping, which takes a reference to it; nothing if no file is mapped.
sim::Task<void> vma_link_file(Vma& vma);

// Takes the mapping out of the address space. It is the caller's then, to be given to unlink_file_vma() once
// its pages are unmapped, and then to free_vma().
void detach_vma(Mm& mm, Vma& vma);
// The file no longer knows of the mapping.
sim::Task<void> unlink_file_vma(Vma& vma);
void free_vma(Mm& mm, Vma& vma);

}  // namespace model
