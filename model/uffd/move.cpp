// SPDX-License-Identifier: Apache-2.0
// UFFDIO_MOVE. Follows mm/userfaultfd.c: move_pages, move_pages_pte and move_present_pte.
//
// Simplified: page by page; 6.18 takes neighbours along under one pair of pte locks. Hides nothing that
// another thread could see: the hardware looks between two pages all the same. A page table that is missing
// counts as one that is empty.
#include "model/uffd/move.hpp"

#include "model/kernels/kernel.hpp"
#include "model/mm/rmap.hpp"
#include "model/uffd/mfill.hpp"
#include "model/uffd/range.hpp"

namespace model {
namespace {

// A leaf as it was while its lock was held for a moment.
sim::Task<Pte> look_at(Mm& mm, VirtAddr address) {
  PageTable* leaf = mm.page_tables.leaf(address);
  if (!leaf) co_return Pte{};
  co_await leaf->ptl.lock();
  const Pte pte = mm.page_tables.get(*leaf, address);
  leaf->ptl.unlock();
  co_return pte;
}

// Two pte locks at once are taken in the order of their tables.
sim::Task<void> double_pt_lock(PageTable& a, VirtAddr in_a, PageTable& b, VirtAddr in_b) {
  PageTable& first = in_a < in_b ? a : b;
  PageTable& second = in_a < in_b ? b : a;
  co_await first.ptl.lock();
  if (&first != &second) co_await second.ptl.lock();
}
void double_pt_unlock(PageTable& a, PageTable& b) {
  if (&a != &b) b.ptl.unlock();
  a.ptl.unlock();
}

// What stood at `from` stands at `to`: without its uffd bit, a folio with the right to write; but RWP
// protects it where it is registered for that. EBUSY if another process has it too. Called with both pte
// locks held.
Errno move_present_pte(Mm& mm, const MoveLock& lock, VirtAddr to, VirtAddr from, Pte pte) {
  Memory& memory = mm.system->memory;
  const bool zero_page = memory.is_zero_page(pte.pte_pfn());
  if (!zero_page && !memory.peek(pte.pte_pfn()).state.read().anon_exclusive) return Errno::busy;
  mm.page_tables.set(*mm.page_tables.leaf(from), from, Pte{});
  mm.flush_tlb_range({from, from + PageCount{1}});  // ptep_clear_flush
  PteAccess access = PteAccess::read;
  if (!zero_page) {
    folio_move_anon_rmap(memory.folio_at(pte.pte_pfn()), *lock.to, to);
    access = PteAccess::write;
  }
  const Pte moved = Pte::present(pte.pte_pfn(), access);
  const bool rwp = lock.to->userfaultfd_rwp();
  mm.page_tables.set(*mm.page_tables.leaf(to), to, rwp ? moved.pte_mkuffd_rwp() : moved);
  return Errno::none;
}

// EEXIST, ENOENT (nothing at the source), EFAULT (a marker), EBUSY; EAGAIN: a leaf has changed meanwhile.
// Called with both mappings locked.
sim::Task<Errno> move_pages_pte(Mm& mm, const MoveLock& lock, VirtAddr to, VirtAddr from,
                                std::uint64_t mode) {
  const Pte orig_to = co_await look_at(mm, to);
  if (!orig_to.pte_none()) co_return Errno::exist;
  const Pte orig_from = co_await look_at(mm, from);
  const bool holes = mode & abi::kMoveModeAllowSrcHoles;
  if (orig_from.pte_none()) co_return holes ? Errno::none : Errno::noent;
  if (!orig_from.pte_present()) co_return Errno::fault;
  PageTable* to_leaf = co_await mfill_leaf(mm, to);
  PageTable* from_leaf = mm.page_tables.leaf(from);
  co_await double_pt_lock(*to_leaf, to, *from_leaf, from);
  const bool stable =
      mm.page_tables.get(*to_leaf, to) == orig_to && mm.page_tables.get(*from_leaf, from) == orig_from;
  Errno error = Errno::again;
  if (stable) error = move_present_pte(mm, lock, to, from, orig_from);
  double_pt_unlock(*to_leaf, *from_leaf);
  co_return error;
}

struct Moved {
  std::uint64_t bytes = 0;
  Errno error = Errno::none;
  std::array<std::uint8_t, 7> padding{};  // named, so that a copy takes it along
};

// Called with both mappings locked.
sim::Task<Moved> move_locked(Mm& mm, const MoveLock& lock, MoveAreas areas, std::uint64_t mode) {
  Moved moved;
  while (moved.bytes < areas.to.bytes()) {
    const VirtAddr to{areas.to.start.value + moved.bytes};
    const VirtAddr from{areas.from.start.value + moved.bytes};
    const Errno error = co_await move_pages_pte(mm, lock, to, from, mode);
    if (sim::current_thread().fatal_signal) moved.error = Errno::intr;
    if (error != Errno::none && error != Errno::again) moved.error = error;
    if (error == Errno::none) moved.bytes += kPageSize;
    if (moved.error != Errno::none) break;
  }
  co_return moved;
}

sim::Task<Moved> move_pages(UserfaultfdCtx& ctx, MoveAreas areas, std::uint64_t mode) {
  Mm& mm = *ctx.mm;
  const MoveLock lock = co_await uffd_move_lock(mm, areas);
  if (lock.error != Errno::none) co_return Moved{.error = lock.error};
  co_await ctx.map_changing_lock.read_lock();
  Moved moved{.error = Errno::again};
  if (!mm.system->kernel->mmap_is_changing(ctx)) {
    moved.error = validate_move_areas(ctx, lock, areas);
    if (moved.error == Errno::none) moved = co_await move_locked(mm, lock, areas, mode);
  }
  ctx.map_changing_lock.read_unlock();
  uffd_move_unlock(lock);
  co_return moved;
}

}  // namespace

sim::Task<IoctlReply> userfaultfd_move(UserfaultfdCtx& ctx, const Mm& caller, MoveRequest request) {
  constexpr std::uint64_t kModes = abi::kMoveModeDontwake | abi::kMoveModeAllowSrcHoles;
  const IoctlReply refused = co_await mfill_gate(ctx, request, kModes);
  const bool wrong = &caller != ctx.mm || validate_range(request.source, request.length) != Errno::none;
  const bool looked_at = refused.error == Errno::none || refused.error == Errno::srch;
  if (wrong && looked_at) {
    if (refused.error == Errno::none) co_await mmput(*ctx.mm);
    co_return IoctlReply::of(Errno::inval);
  }
  if (refused.error != Errno::none) co_return refused;
  const MoveAreas areas{range_of(request.start, request.length), range_of(request.source, request.length)};
  const Moved moved = co_await move_pages(ctx, areas, request.mode);
  const IoctlReply reply = co_await mfill_reply(ctx, areas.to, moved.bytes, moved.error, request.mode);
  co_return reply;
}

}  // namespace model
