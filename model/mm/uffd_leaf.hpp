// SPDX-License-Identifier: Apache-2.0
// UffdLeaf: what userfaultfd has done to a leaf. Two modes share one bit; a mapping is registered for one of
// them at most, and so tells which is meant.
#pragma once
#include "model/mm/pte.hpp"
#include "model/mm/vma.hpp"

namespace model {

enum class UffdLeaf : std::uint8_t {
  open,              // nothing
  write_protected,   // WP: the bit, and no right to write
  access_protected,  // RWP: the bit, and no right at all
};

// Of any leaf, in a mapping with these flags. Markers are asked for what they are elsewhere.
inline UffdLeaf uffd_leaf(VmFlagBits vm_flags, Pte pte) {
  if (!pte.pte_present() || pte.pte_uffd_wp() == UffdWp::clear) return UffdLeaf::open;
  if (vm_flags & VM_UFFD_RWP) return pte.pte_protnone() ? UffdLeaf::access_protected : UffdLeaf::open;
  return vm_flags & VM_UFFD_WP ? UffdLeaf::write_protected : UffdLeaf::open;
}

}  // namespace model
