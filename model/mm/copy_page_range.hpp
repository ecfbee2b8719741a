// SPDX-License-Identifier: Apache-2.0
// copy_page_range: what fork does to the pages of one mapping.
#pragma once
#include "model/mm/mm.hpp"

namespace model {

// Maps the pages of `from` in `to`, its copy in a child. From now on they are shared: neither process has the
// right to write until it has a page of its own. Markers and uffd-wp bits travel as far as the copy is
// registered; what RWP protects is `page_prot` where the copy is not, that is what its pages allow. The
// parent's TLBs are left as they are. Called with the parent's mmap_lock held for writing and
// the mapping write-locked; nobody can reach the child yet.
sim::Task<void> copy_page_range(Vma& to, Vma& from, PteAccess page_prot);

}  // namespace model
