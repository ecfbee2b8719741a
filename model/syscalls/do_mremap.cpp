// SPDX-License-Identifier: Apache-2.0
// Follows mm/mremap.c since 6.17: do_mremap, check_mremap_params, check_prep_vma, mremap_to, mremap_at and
// remap_move. Everything is checked before anything is changed, and a range that is only moved may be several
// mappings.
#include <sys/mman.h>

#include <algorithm>

#include "model/syscalls/mremap.hpp"
#include "model/uffd/range.hpp"

namespace model {
namespace {

Errno check_new_address(const Remap& remap) {
  const MremapRequest& asked = remap.asked;
  const bool grows_or_shrinks = asked.old_length != asked.new_length;
  if (!remap.has(MREMAP_MAYMOVE) || (remap.has(MREMAP_DONTUNMAP) && grows_or_shrinks)) return Errno::inval;
  return new_address_fits(remap) ? Errno::none : Errno::inval;
}

Errno check_mremap_params(Remap& remap) {
  MremapRequest& asked = remap.asked;
  if (asked.flags & ~std::uint64_t{MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP}) return Errno::inval;
  if (!asked.old_address.page_aligned()) return Errno::inval;
  asked.old_length = (asked.old_length + kPageSize - 1) & kPageMask;
  asked.new_length = (asked.new_length + kPageSize - 1) & kPageMask;
  if (asked.new_length == 0 || asked.new_length > kTaskSize.value) return Errno::inval;
  return remap.implies_new_address() ? check_new_address(remap) : Errno::none;
}

// What is cut off may reach beyond the mapping; what grows or moves may not.
Errno check_prep_vma(Remap& remap) {
  const MremapRequest& asked = remap.asked;
  if (!remap.mm->vmas.vma_lookup(asked.old_address)) return Errno::fault;
  const bool maps_anew = asked.new_length > asked.old_length || remap.implies_new_address();
  return maps_anew ? may_resize(remap, std::min(asked.old_length, asked.new_length)) : Errno::none;
}

sim::Task<Result<VirtAddr>> mremap_to(Remap& remap) {
  if (remap.has(MREMAP_FIXED)) {
    const Errno refused = co_await do_munmap(*remap.mm, remap.new_range(), Downgrade::no, remap.unmaps_early);
    if (refused != Errno::none) co_return error(refused);
    // The second mapping of shared pages was to begin where the first does.
    if (!remap.mm->vmas.vma_lookup(remap.asked.old_address)) co_return error(Errno::fault);
  }
  if (remap.asked.old_length > remap.asked.new_length) {
    const Errno shrunk = co_await shrink_vma(remap, Downgrade::no);
    if (shrunk != Errno::none) co_return error(shrunk);
    remap.asked.old_length = remap.asked.new_length;
  }
  const Result<VirtAddr> moved = co_await move_vma(remap);
  co_return moved;
}

sim::Task<Result<VirtAddr>> mremap_at(Remap& remap) {
  MremapRequest& asked = remap.asked;
  if (asked.old_length > asked.new_length) {
    const Errno shrunk = co_await shrink_vma(remap, Downgrade::to_read);
    if (shrunk != Errno::none) co_return error(shrunk);
  }
  if (asked.old_length >= asked.new_length) co_return asked.old_address;
  const Result<VirtAddr> expanded = co_await expand_vma(remap);
  co_return expanded;
}

// One mapping after the other, with the gaps between them. A registered one moves only by itself: its event
// could not be told in between. What was moved before stays moved.
sim::Task<Result<VirtAddr>> remap_move(Remap& remap) {
  const AddrRange from = remap.old_range();
  const VirtAddr to = remap.asked.new_address;
  Result<VirtAddr> result = error(Errno::fault);
  VirtAddr at = from.start;
  while (at < from.end) {
    Vma* vma = remap.mm->vmas.find_intersection({at, from.end});
    if (!vma) break;
    const bool first = at == from.start;
    if (first && vma->start() > from.start) co_return error(Errno::fault);
    const bool more = vma->end() < from.end;
    if (vma->userfaultfd_armed() && (!first || more)) co_return error(Errno::fault);
    const AddrRange part{std::max(vma->start(), from.start), std::min(vma->end(), from.end)};
    remap.asked.old_address = part.start;
    remap.asked.new_address = {to.value + (part.start - from.start)};
    remap.asked.old_length = remap.asked.new_length = part.bytes();
    const Result<VirtAddr> moved = co_await mremap_to(remap);
    if (!moved) co_return moved;
    if (first) result = moved;
    at = part.end;
  }
  co_return result;
}

}  // namespace

sim::Task<Result<VirtAddr>> do_mremap(Remap& remap) {
  const Errno invalid = check_mremap_params(remap);
  if (invalid != Errno::none) co_return error(invalid);
  co_await remap.mm->mmap_lock.write_lock();
  const bool moves_only = remap.has(MREMAP_FIXED) && remap.asked.old_length == remap.asked.new_length;
  if (moves_only) {
    const Result<VirtAddr> moved = co_await remap_move(remap);
    co_return moved;
  }
  const Errno refused = check_prep_vma(remap);
  if (refused != Errno::none) co_return error(refused);
  Result<VirtAddr> result{};
  if (remap.implies_new_address()) {
    result = co_await mremap_to(remap);
  } else {
    result = co_await mremap_at(remap);
  }
  co_return result;
}

}  // namespace model
