// SPDX-License-Identifier: Apache-2.0
// move_page_tables: what the page tables hold of one range is moved to another, for mremap.
#pragma once
#include "model/mm/inode.hpp"
#include "model/mm/mm.hpp"

namespace model {

// What becomes of uffd bits and UFFD_WP markers on the way.
enum class MovedWp : std::uint8_t { kept, dropped };

struct MovedLeaves {
  MovedWp wp = MovedWp::kept;
  PteAccess page_prot = PteAccess::none;  // dropped: what a leaf allows then that RWP protected
};

// Moves every leaf of `from` to the range of the same length that begins at `to`, where nothing is. TLBs
// forget the old place before its pte lock is released. Called with mmap_lock held for writing and both
// mappings write-locked; takes and releases pte locks, the old place's first. `file`, unless it is null, is
// kept from unmapping its pages meanwhile (take_rmap_locks): it might look at the new place before the old
// one.
sim::Task<void> move_page_tables(Mm& mm, AddrRange from, VirtAddr to, MovedLeaves how, Inode* file);

}  // namespace model
