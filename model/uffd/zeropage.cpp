// SPDX-License-Identifier: Apache-2.0
// UFFDIO_ZEROPAGE. Follows mm/userfaultfd.c: mfill_atomic_pte_zeropage, and for shared memory
// mm/shmem.c: shmem_mfill_atomic_pte: there a page of zeros becomes the file's.
#include "model/fault/fault.hpp"
#include "model/uffd/mfill.hpp"
#include "model/uffd/mfill_page.hpp"

namespace model {
namespace {

sim::Task<Errno> fill_with_zeros(Mm& mm, Vma& vma, VirtAddr address) {
  Folio* folio = co_await mfill_alloc_folio(mm, vma, address);
  if (!folio) co_return Errno::nomem;
  const Errno error = co_await mfill_atomic_new_folio(mm, vma, address, *folio, UffdWp::clear);
  if (error != Errno::none) mm.system->memory.folio_put(*folio);
  co_return error;
}

sim::Task<Errno> mfill_atomic_pte_zeropage(Mm& mm, Vma& vma, VirtAddr address, std::uint64_t) {
  if (vma.shared()) return fill_with_zeros(mm, vma, address);
  const Pte leaf = Pte::present(Memory::zero_pfn(), zero_page_access(vma.flags()));
  return mfill_atomic_set_pte(mm, vma, address, leaf);
}

}  // namespace

sim::Task<IoctlReply> userfaultfd_zeropage(UserfaultfdCtx& ctx, RangeRequest request) {
  return mfill_with(ctx, request,
                    {UFFDIO_ZEROPAGE_MODE_DONTWAKE, any_mapping, mfill_atomic_pte_zeropage, nullptr});
}

}  // namespace model
