// SPDX-License-Identifier: Apache-2.0
// UFFDIO_POISON. Follows mm/userfaultfd.c: mfill_atomic_pte_poison.
#include "model/uffd/hugetlb_mfill.hpp"
#include "model/uffd/mfill.hpp"
#include "model/uffd/mfill_page.hpp"

namespace model {
namespace {

sim::Task<Errno> mfill_atomic_pte_poison(Mm& mm, Vma& vma, VirtAddr address, std::uint64_t) {
  return mfill_atomic_set_pte(mm, vma, address, Pte::marker(PteMarker::poisoned));
}

sim::Task<Errno> poison_huge_page(Mm& mm, Vma& vma, VirtAddr address, std::uint64_t) {
  return hugetlb_mfill_poison(mm, vma, address);
}

}  // namespace

sim::Task<IoctlReply> userfaultfd_poison(UserfaultfdCtx& ctx, RangeRequest request) {
  return mfill_with(ctx, request,
                    {abi::kPoisonModeDontwake, any_mapping, mfill_atomic_pte_poison, poison_huge_page});
}

}  // namespace model
