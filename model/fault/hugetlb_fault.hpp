// SPDX-License-Identifier: Apache-2.0
// Faults in mappings of huge pages.
#pragma once
#include "model/fault/fault.hpp"
#include "model/mm/hugetlb.hpp"

namespace model {

// Called and returns as handle_mm_fault.
sim::Task<VmFaultResult> hugetlb_fault(VmFault& vmf);

// What is to be done once the fault mutex and the mapping's own lock have been released.
enum class HugetlbNext : std::uint8_t {
  nothing,  // the page is there, or the access is tried again
  retry,    // from the start, without the fault lock
  sigbus,
  hwpoison,
  missing,  // becomes a userfault
  minor,
  wp,
};

// The fault while those two locks are held.
struct HugetlbFault {
  VmFault& vmf;
  Vma& vma;
  Inode& inode;
  PageTable& table;     // has the entry
  VirtAddr address;     // of the huge page
  std::uint64_t index;  // of it in the file

  Memory& memory() const { return vmf.mm->system->memory; }
  PageTables& tables() const { return vmf.mm->page_tables; }
  bool writes() const { return vmf.access == Access::write; }
};

// The leaf of a huge page. `access` is what it allows.
Pte make_huge_pte(const Memory& memory, const Folio& folio, PteAccess access, UffdWp wp = UffdWp::clear);

// A write to a page that is mapped and may not be written to. `cached` is the file's page, if it was looked
// up. Called and returns with table.ptl held, which it releases to copy the page. With nothing promised and
// the pool empty the owner takes the page away from its children: then the two locks are released meanwhile.
sim::Task<HugetlbNext> hugetlb_wp(HugetlbFault& fault, const Folio* cached);

}  // namespace model
