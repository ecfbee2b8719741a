// SPDX-License-Identifier: Apache-2.0
// Follows mm/userfaultfd.c: uffd_move_lock, find_vmas_mm_locked and validate_move_areas.
#include "model/mm/rmap.hpp"
#include "model/uffd/mfill.hpp"
#include "model/uffd/move.hpp"

namespace model {
namespace {

// Under mmap_lock nobody can have a mapping write-locked.
sim::Task<MoveLock> lock_both_under_mmap_lock(Mm& mm, MoveAreas areas) {
  co_await mm.mmap_lock.read_lock();
  MoveLock lock{.error = Errno::noent};
  lock.to = mm.vmas.vma_lookup(areas.to.start);
  if (lock.to) {
    if (!lock.to->shared()) co_await anon_vma_prepare(mm, *lock.to);
    lock.from = mm.vmas.vma_lookup(areas.from.start);
  }
  if (lock.from) {
    vma_start_read_locked(*lock.to);
    if (lock.from != lock.to) vma_start_read_locked(*lock.from);
    lock.error = Errno::none;
  }
  mm.mmap_lock.read_unlock();
  co_return lock;
}

bool lies_in(AddrRange area, const Vma& vma) { return vma.contains(area.start) && area.end <= vma.end(); }

}  // namespace

sim::Task<MoveLock> uffd_move_lock(Mm& mm, MoveAreas areas) {
  MoveLock lock;
  lock.to = co_await uffd_lock_vma(mm, areas.to.start);
  if (!lock.to) co_return MoveLock{.error = Errno::noent};
  lock.from = lock.to;
  if (lock.to->contains(areas.from.start)) co_return lock;
  lock.from = co_await lock_vma_under_rcu(mm, areas.from.start);
  if (lock.from) co_return lock;
  lock.to->lock.read_unlock();
  lock = co_await lock_both_under_mmap_lock(mm, areas);
  co_return lock;
}

void uffd_move_unlock(MoveLock lock) {
  if (lock.from != lock.to) lock.from->lock.read_unlock();
  lock.to->lock.read_unlock();
}

Errno validate_move_areas(const UserfaultfdCtx& ctx, const MoveLock& lock, MoveAreas areas) {
  if (!lies_in(areas.to, *lock.to) || !lies_in(areas.from, *lock.from)) return Errno::inval;
  if (!lock.to->vma_is_anonymous() || !lock.from->vma_is_anonymous()) return Errno::inval;
  if ((lock.to->flags() ^ lock.from->flags()) & kAccessFlags) return Errno::inval;
  if (!(lock.from->flags() & VM_WRITE)) return Errno::inval;
  return lock.to->state.read().ctx == &ctx ? Errno::none : Errno::inval;
}

}  // namespace model
