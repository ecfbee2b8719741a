// SPDX-License-Identifier: Apache-2.0
// Until 51d3d5eb74ff (6.2) the rights of a shared mapping that is registered for WP let its pages be written
// to at once.
//
//   1. app: protects a page of a shared mapping: its leaf has the uffd-wp bit, and no right to write
//   2. app: mprotect to read-only and back computes the leaf's rights from the mapping's: it may be written
//   to
//   3. app: writes; the bit is still set, and nobody hears of it
//
// Shown by scenarios/litmus/shmem/shmem-wp-mprotect.litmus.
#include "model/defects/defect.hpp"

namespace model {
namespace {

bool nobody_wants_to_hear(VmFlagBits) { return false; }

Pte rights_of_the_mapping(Pte pte, PteAccess access, VmFlagBits vm_flags) {
  const bool writes = access == PteAccess::write && vm_flags & VM_SHARED;
  return writes ? pte.pte_modify(access).pte_mkwrite() : pte.pte_modify(access);
}

}  // namespace

constinit const Defect shared_wp_without_writenotify{
    "shared-wp-without-writenotify", "mprotect lets protected shared pages be written to (6.2, 51d3d5eb74ff)",
    [](Kernel& kernel) {
      kernel.vma_wants_writenotify = nobody_wants_to_hear;
      kernel.pte_change_rights = rights_of_the_mapping;
    }};

}  // namespace model
