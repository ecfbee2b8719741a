// SPDX-License-Identifier: Apache-2.0
// UFFDIO_POISON. Follows mm/userfaultfd.c: mfill_atomic_pte_poison.
#include "model/uffd/mfill.hpp"

namespace model {
namespace {

Pte poisoned_leaf(const Vma&) { return Pte::marker(PteMarker::poisoned); }

}  // namespace

sim::Task<IoctlReply> userfaultfd_poison(UserfaultfdCtx& ctx, RangeRequest request) {
  return mfill_with(ctx, request, abi::kPoisonModeDontwake, poisoned_leaf);
}

}  // namespace model
