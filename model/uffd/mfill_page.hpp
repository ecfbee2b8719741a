// SPDX-License-Identifier: Apache-2.0
// One page of a data ioctl: what COPY, ZEROPAGE, CONTINUE and POISON put into one leaf of the destination.
// All are called with the destination locked.
#pragma once
#include "model/errno.hpp"
#include "model/mm/folio.hpp"
#include "model/mm/mm.hpp"

namespace model {

// Whether the address lies in a file's mapping and beyond the end of the file.
bool mfill_file_over_size(const Vma& vma, VirtAddr address);

// Stores `pte` where nothing is; EEXIST over anything else, a marker too. EFAULT beyond the end of a file.
sim::Task<Errno> mfill_atomic_set_pte(Mm& mm, const Vma& vma, VirtAddr address, Pte pte);

// Maps the folio, whose reference is the leaf's if it succeeds; EEXIST if the leaf is occupied, which a
// marker is not. EFAULT beyond the end of a file. A private mapping may not write to a page of the file's.
sim::Task<Errno> mfill_atomic_install_pte(Mm& mm, Vma& vma, VirtAddr address, Folio& folio, UffdWp wp);

// A folio to be filled; null (ENOMEM) when memory is full, on some kernels also for a page that the file
// cannot have (see SizeAsked).
sim::Task<Folio*> mfill_alloc_folio(Mm& mm, Vma& vma, VirtAddr address);

// Maps a folio that was just filled, in a shared mapping by way of the file: EEXIST if the file has a page
// there, whether it is mapped or not. Takes over the folio if it succeeds.
sim::Task<Errno> mfill_atomic_new_folio(Mm& mm, Vma& vma, VirtAddr address, Folio& folio, UffdWp wp);

}  // namespace model
