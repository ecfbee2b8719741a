// SPDX-License-Identifier: Apache-2.0
// uffd_unprotect: what is done to the pages of a mapping before it stops being registered.
#pragma once
#include "model/uffd/context.hpp"

namespace model {

// Lifts the protection of either mode from a range of one mapping; nothing if it is registered for neither.
// Called with mmap_lock held for writing. Wakes nobody.
sim::Task<void> uffd_unprotect(Mm& mm, Vma& vma, AddrRange range);

}  // namespace model
