// SPDX-License-Identifier: Apache-2.0
// change_protection: a walk over the leaves of a mapping that changes what they allow.
#pragma once
#include "model/mm/mm.hpp"

namespace model {

struct TlbGather;

// What becomes of a leaf where nothing is, when its range is write-protected.
enum class Unpopulated : std::uint8_t { stays_none, becomes_marker };
// Whether lifting a write protection gives the right to write back at once, or leaves that to the next fault.
enum class WriteAfterResolve : std::uint8_t { left_to_fault, granted };

struct ProtectionChange {
  enum class Kind : std::uint8_t {
    rights,       // mprotect: to those of vm_flags; the uffd-wp bits stay
    protect,      // sets the uffd-wp bits, and takes the right to write
    resolve,      // clears them, and removes UFFD_WP markers
    rwp_protect,  // sets the uffd bits of present leaves, and takes every right
    rwp_resolve,  // clears them, and gives the rights of vm_flags back
  };
  Kind kind = Kind::rights;
  std::uint8_t padding = 0;  // named, so that a copy takes it along
  VmFlagBits vm_flags = 0;   // of the mapping; for `rights`: the new ones
  Unpopulated unpopulated = Unpopulated::stays_none;
  WriteAfterResolve write_after_resolve = WriteAfterResolve::granted;
};

// Changes the leaves of a range that lies in one mapping. TLBs are flushed once, after the last pte lock was
// released. Called with mmap_lock held.
sim::Task<void> change_protection(Mm& mm, AddrRange range, ProtectionChange change);
// The same, but the flush is left to the end of the gather.
sim::Task<void> change_protection(Mm& mm, AddrRange range, ProtectionChange change, TlbGather& gather);

// The leaf with all rights that a mapping with these flags gives it without a further fault; its uffd bit
// stays.
Pte with_rights_of(System& system, VmFlagBits vm_flags, Pte pte);

// The same for a mapping of huge pages.
sim::Task<void> hugetlb_change_protection(Vma& vma, AddrRange range, ProtectionChange change);

}  // namespace model
