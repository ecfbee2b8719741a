// SPDX-License-Identifier: Apache-2.0
// What is done to a file in shared memory and its page cache, below faults and system calls.
#pragma once
#include "model/errno.hpp"
#include "model/mm/inode.hpp"
#include "model/mm/system.hpp"

namespace model {

// No file is longer, in pages.
inline constexpr std::uint64_t kMaxFilePages = std::uint64_t{1} << 40;

// A file of `pages` pages with nothing in it, and one reference; mappings and descriptors hold the others.
Inode& shmem_file_setup(System& system, std::uint64_t pages);
inline void iget(Inode& inode) { inode.refs.write(inode.refs.read() + 1); }
// The last reference frees the file with its pages. Simplified: in one step, since nobody else knows it.
void iput(System& system, Inode& inode);

// Puts a locked folio into the page cache, which takes a reference. EEXIST. Called at a scheduling point.
Errno shmem_add_to_page_cache(System& system, Inode& inode, std::uint64_t index, Folio& folio);
// Takes a locked folio out again and drops the cache's reference.
void filemap_remove_folio(System& system, Folio& folio);

// Private pages that a mapping has of its own: emptied out with the file's pages, or left.
enum class EvenCows : std::uint8_t { no, yes };
// Unmaps pages [first, end) of the file from every mapping, whatever process has it. What was write-protected
// stays so, as a marker. Called with no lock but the file's. Follows mm/memory.c: unmap_mapping_range.
sim::Task<void> unmap_mapping_range(Inode& inode, std::uint64_t first, std::uint64_t end, EvenCows even_cows);

// The same for one folio that is about to leave the file, and no marker stays. Called with the folio locked.
sim::Task<void> unmap_mapping_folio(Inode& inode, const Folio& folio);

// Removes the pages [first, end) from the file, and from where they are still mapped. Called with i_rwsem
// held.
sim::Task<void> shmem_truncate_range(System& system, Inode& inode, std::uint64_t first, std::uint64_t end);

}  // namespace model
