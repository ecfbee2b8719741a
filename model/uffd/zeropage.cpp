// SPDX-License-Identifier: Apache-2.0
// UFFDIO_ZEROPAGE. Follows mm/userfaultfd.c: mfill_atomic_pte_zeropage.
#include "model/fault/fault.hpp"
#include "model/uffd/mfill.hpp"

namespace model {
namespace {

Pte zero_leaf(const Vma& vma) { return Pte::present(Memory::zero_pfn(), zero_page_access(vma.flags())); }

}  // namespace

sim::Task<IoctlReply> userfaultfd_zeropage(UserfaultfdCtx& ctx, RangeRequest request) {
  return mfill_with(ctx, request, UFFDIO_ZEROPAGE_MODE_DONTWAKE, zero_leaf);
}

}  // namespace model
