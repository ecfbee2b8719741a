// SPDX-License-Identifier: Apache-2.0
// UFFDIO_CONTINUE. Follows mm/userfaultfd.c: mfill_atomic_pte_continue.
#include "model/fault/shmem_get_folio.hpp"
#include "model/kernels/kernel.hpp"
#include "model/uffd/hugetlb_mfill.hpp"
#include "model/uffd/mfill.hpp"
#include "model/uffd/mfill_page.hpp"

namespace model {
namespace {

UffdWp wp_of(std::uint64_t mode) { return mode & abi::kContinueModeWp ? UffdWp::set : UffdWp::clear; }

// Only a file's pages can be there already.
Errno may_continue(const Vma& vma, std::uint64_t mode) {
  const bool wp_is_heard = wp_of(mode) == UffdWp::clear || vma.userfaultfd_wp();
  return !vma.vma_is_anonymous() && wp_is_heard ? Errno::none : Errno::inval;
}

sim::Task<Errno> mfill_atomic_pte_continue(Mm& mm, Vma& vma, VirtAddr address, std::uint64_t mode) {
  System& system = *mm.system;
  const ShmemFolio found = co_await shmem_get_folio(system, *vma.state.read().vm_file,
                                                    vma.linear_page_index(address), Sgp::noalloc);
  if (found.error == Errno::noent) co_return Errno::fault;
  if (found.error == Errno::inval) co_return system.kernel->continue_beyond_size;
  const Errno error = co_await mfill_atomic_install_pte(mm, vma, address, *found.folio, wp_of(mode));
  found.folio->lock.unlock();
  if (error != Errno::none) system.memory.folio_put(*found.folio);
  co_return error;
}

sim::Task<Errno> continue_huge_page(Mm& mm, Vma& vma, VirtAddr address, std::uint64_t mode) {
  return hugetlb_mfill_continue(mm, vma, address, wp_of(mode));
}

}  // namespace

sim::Task<IoctlReply> userfaultfd_continue(UserfaultfdCtx& ctx, RangeRequest request) {
  const std::uint64_t modes = ctx.mm->system->kernel->continue_modes;
  return mfill_with(ctx, request, {modes, may_continue, mfill_atomic_pte_continue, continue_huge_page});
}

}  // namespace model
