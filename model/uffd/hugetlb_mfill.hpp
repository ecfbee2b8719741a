// SPDX-License-Identifier: Apache-2.0
// One huge page of a data ioctl. All are called with the destination locked, and take the fault mutex of the
// page and the mapping's own lock.
#pragma once
#include "model/errno.hpp"
#include "model/mm/hugetlb.hpp"

namespace model {

// A marker of a poisoned page where nothing is; EEXIST over anything else.
sim::Task<Errno> hugetlb_mfill_poison(Mm& mm, Vma& vma, VirtAddr address);

// Maps the file's page; EFAULT if the file has none, EEXIST if something is mapped.
sim::Task<Errno> hugetlb_mfill_continue(Mm& mm, Vma& vma, VirtAddr address, UffdWp wp);

// Bytes for a huge page: read from the caller's memory without page faults, or, after that has failed, from
// the page into which they were read meanwhile.
struct HugeSource {
  // Fills the folio; false if a page fault would be needed.
  sim::Task<bool> (*read)(const void* source, Folio& folio) = nullptr;
  const void* source = nullptr;
  const Folio* staged = nullptr;
};

// Maps a page with these bytes, in a shared mapping by way of the file. ENOENT: they must be staged first.
// EEXIST if something is mapped, or if the file has a page there; EFAULT beyond the end of the file; no page
// to be had: EEXIST or ENOMEM (Kernel::copy_from_empty_pool).
sim::Task<Errno> hugetlb_mfill_copy(Mm& mm, Vma& vma, VirtAddr address, HugeSource source, UffdWp wp);

}  // namespace model
