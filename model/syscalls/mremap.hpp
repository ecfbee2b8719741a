// SPDX-License-Identifier: Apache-2.0
// A mremap(2) under way (vma_remap_struct), and what its versions share.
//
// Simplified: huge pages are not moved, nor resized: that stops the simulator. Where they stand in the way,
// the unmapping of a part of one is refused as elsewhere.
#pragma once
#include "model/syscalls/syscalls.hpp"

namespace model {

struct Remap {
  Mm* mm = nullptr;
  MremapRequest asked;         // lengths are multiples of a page from the first check on
  PendingUnmaps unmaps_early;  // told before the REMAP event: what stood at the new place
  PendingRemap remap;
  PendingUnmaps unmaps;  // told after it: what went from the old place
  AddrRange moved_from;  // what the REMAP event tells
  VirtAddr moved_to;

  bool has(std::uint64_t flag) const { return asked.flags & flag; }
  // The caller says where it shall be.
  bool implies_new_address() const;
  AddrRange old_range() const { return {asked.old_address, {asked.old_address.value + asked.old_length}}; }
  AddrRange new_range() const { return {asked.new_address, {asked.new_address.value + asked.new_length}}; }
};

// The versions (Kernel::mremap): called with no lock held; the result with mmap_lock held, or not, as
// Remap::mm tells. The new address, or why there is none.
sim::Task<Result<VirtAddr>> do_mremap(Remap& remap);              // since 6.17
sim::Task<Result<VirtAddr>> do_mremap_one_mapping(Remap& remap);  // before

// What they share. Called with mmap_lock held for writing.

// The end of the mapping is unmapped. EINVAL if it reaches beyond every process, or into a huge page.
sim::Task<Errno> shrink_vma(Remap& remap, Downgrade downgrade);
// The mapping grows where it stands, if it ends where the old range does and there is room; else it is moved,
// if it may be. EINVAL, EFAULT, ENOMEM have been checked.
sim::Task<Result<VirtAddr>> expand_vma(Remap& remap);
// Moves the old range, which lies in one mapping, to asked.new_address, or with DONTUNMAP near it.
sim::Task<Result<VirtAddr>> move_vma(Remap& remap);
// Whether the new place is page-aligned, below the end of every process, and apart from the old one.
bool new_address_fits(const Remap& remap);
// Whether so many bytes from the old address may grow or move. EFAULT: not one mapping; EINVAL: there are
// none.
Errno may_resize(const Remap& remap, std::uint64_t length);

}  // namespace model
