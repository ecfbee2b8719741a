// SPDX-License-Identifier: Apache-2.0
// Faults in mappings of files.
#pragma once
#include "model/fault/fault.hpp"

namespace model {

// Nothing is mapped (vmf.orig_pte: none, or a UFFD_WP marker) and the mapping is one of a file. Called and
// returns as handle_mm_fault.
sim::Task<VmFaultResult> do_fault(VmFault& vmf);

// A read maps what the page cache has around it too, except where userfaultfd wants to hear of each page
// (MINOR, WP, RWP). Called and returns with the fault lock held.
enum class Around : std::uint8_t { not_it, mapped_it };
sim::Task<Around> do_fault_around(VmFault& vmf);

}  // namespace model
