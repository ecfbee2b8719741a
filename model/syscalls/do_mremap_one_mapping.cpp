// SPDX-License-Identifier: Apache-2.0
// Follows mm/mremap.c before 6.17: sys_mremap, mremap_to and vma_to_resize. The mapping is looked up before
// the new place is checked, and what stands at the new place is gone before the old one is.
#include <sys/mman.h>

#include "model/syscalls/mremap.hpp"

namespace model {
namespace {

Errno check_flags(const Remap& remap) {
  const MremapRequest& asked = remap.asked;
  if (asked.flags & ~std::uint64_t{MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP}) return Errno::inval;
  if (remap.implies_new_address() && !remap.has(MREMAP_MAYMOVE)) return Errno::inval;
  if (remap.has(MREMAP_DONTUNMAP) && asked.old_length != asked.new_length) return Errno::inval;
  return asked.old_address.page_aligned() ? Errno::none : Errno::inval;
}

sim::Task<Result<VirtAddr>> mremap_to(Remap& remap) {
  if (!new_address_fits(remap)) co_return error(Errno::inval);
  const AddrRange asked_from = remap.old_range();
  if (remap.has(MREMAP_FIXED)) {
    const Errno unmapped =
        co_await do_munmap(*remap.mm, remap.new_range(), Downgrade::no, remap.unmaps_early);
    if (unmapped != Errno::none) co_return error(unmapped);
  }
  if (remap.asked.old_length > remap.asked.new_length) {
    const Errno shrunk = co_await shrink_vma(remap, Downgrade::no);
    if (shrunk != Errno::none) co_return error(shrunk);
    remap.asked.old_length = remap.asked.new_length;
  }
  const Errno refused = may_resize(remap, remap.asked.old_length);
  if (refused != Errno::none) co_return error(refused);
  const Result<VirtAddr> moved = co_await move_vma(remap);
  remap.moved_from = asked_from;  // the event tells what was asked for, not what was left of it
  co_return moved;
}

sim::Task<Result<VirtAddr>> mremap_at(Remap& remap) {
  MremapRequest& asked = remap.asked;
  if (asked.old_length > asked.new_length) {
    const Errno shrunk = co_await shrink_vma(remap, Downgrade::to_read);
    if (shrunk != Errno::none) co_return error(shrunk);
  }
  if (asked.old_length >= asked.new_length) co_return asked.old_address;
  const Errno refused = may_resize(remap, asked.old_length);
  if (refused != Errno::none) co_return error(refused);
  const Result<VirtAddr> expanded = co_await expand_vma(remap);
  co_return expanded;
}

}  // namespace

sim::Task<Result<VirtAddr>> do_mremap_one_mapping(Remap& remap) {
  const Errno invalid = check_flags(remap);
  if (invalid != Errno::none) co_return error(invalid);
  MremapRequest& asked = remap.asked;
  asked.old_length = (asked.old_length + kPageSize - 1) & kPageMask;
  asked.new_length = (asked.new_length + kPageSize - 1) & kPageMask;
  if (asked.new_length == 0) co_return error(Errno::inval);
  co_await remap.mm->mmap_lock.write_lock();
  if (!remap.mm->vmas.vma_lookup(asked.old_address)) co_return error(Errno::fault);
  Result<VirtAddr> result{};
  if (remap.implies_new_address()) {
    result = co_await mremap_to(remap);
  } else {
    result = co_await mremap_at(remap);
  }
  co_return result;
}

}  // namespace model
