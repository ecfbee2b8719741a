// SPDX-License-Identifier: Apache-2.0
// Follows mm/madvise.c: do_madvise and madvise_walk_vmas.
//
// Simplified: always under mmap_lock; Linux 6.17 and later take the mapping's lock instead when it is not
// registered and contains the whole range.
#include "model/syscalls/madvise.hpp"

#include <sys/mman.h>

#include <algorithm>

#include "model/kernels/kernel.hpp"
#include "model/syscalls/syscalls.hpp"
#include "model/uffd/range.hpp"

namespace model {
namespace {

// Null: no such advice, or one that does not go from mapping to mapping.
MadviseVisit visit_of(const Kernel& kernel, std::uint64_t advice) {
  const bool populates_each = kernel.holes_of_populate == HolesOfPopulate::are_passed;
  switch (advice) {
    case MADV_POPULATE_READ:
      return populates_each ? madvise_populate_read : nullptr;
    case MADV_POPULATE_WRITE:
      return populates_each ? madvise_populate_write : nullptr;
    case MADV_DONTNEED:
      return madvise_dontneed;
    case MADV_FREE:
      return madvise_free;
    case MADV_REMOVE:
      return madvise_remove;
    case kMadvGuardInstall:
      return kernel.madvise_guard_install;
    case kMadvGuardRemove:
      return kernel.madvise_guard_remove;
    default:
      return nullptr;
  }
}

bool populates(std::uint64_t advice) { return advice == MADV_POPULATE_READ || advice == MADV_POPULATE_WRITE; }

// Visits every mapping of the range; holes are passed over, and told at the end (ENOMEM). Called with no lock
// held.
sim::Task<Errno> madvise_walk_vmas(Mm& mm, AddrRange range, MadviseVisit visit) {
  Errno unmapped = Errno::none;
  co_await mm.mmap_lock.read_lock();
  VirtAddr at = range.start;
  while (at < range.end) {
    Vma* vma = mm.vmas.find_intersection({at, range.end});
    if (!vma || at < vma->start()) unmapped = Errno::nomem;
    if (!vma) break;
    const AddrRange asked{std::max(at, vma->start()), std::min(vma->end(), range.end)};
    AddrRange done = asked;
    const PageSize size = vma->page_size();  // the mapping may be gone afterwards
    const Errno error = co_await visit(mm, *vma, done);
    if (error != Errno::none) {
      unmapped = error;
      break;
    }
    // Of huge pages the part of the last one is passed over.
    const bool rest_follows =
        mm.system->kernel->rest_after_split == RestAfterSplit::follows && size == PageSize::base;
    at = rest_follows ? done.end : asked.end;
  }
  mm.mmap_lock.read_unlock();
  co_return unmapped;
}

}  // namespace

sim::Task<Errno> sys_madvise(Process& process, VirtAddr start, std::uint64_t length, std::uint64_t advice) {
  const MadviseVisit visit = visit_of(*process.mm.system->kernel, advice);
  if (!visit && !populates(advice)) co_return Errno::inval;
  if (!start.page_aligned()) co_return Errno::inval;
  const std::uint64_t rounded = (length + kPageSize - 1) & kPageMask;
  if (length != 0 && rounded == 0) co_return Errno::inval;
  const AddrRange range = range_of(start, rounded);
  if (range.end < range.start) co_return Errno::inval;
  if (range.empty()) co_return Errno::none;
  Errno error = Errno::none;
  if (visit) {
    error = co_await madvise_walk_vmas(process.mm, range, visit);
  } else {
    const Access access = advice == MADV_POPULATE_WRITE ? Access::write : Access::read;
    error = co_await madvise_populate(process.mm, range, access);
  }
  co_return error;
}

}  // namespace model
