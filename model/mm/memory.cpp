// SPDX-License-Identifier: Apache-2.0
#include "model/mm/memory.hpp"

#include <algorithm>

#include "sim/assert.hpp"
#include "sim/current.hpp"

namespace model {

void Memory::boot(std::uint32_t frames, std::uint32_t huge_pages) {
  count_ = frames + huge_pages + 1;
  huge_pool_.write({.total = huge_pages, .free = huge_pages});
  frames_ = static_cast<Folio*>(sim::current.arena->allocate(count_ * sizeof(Folio), alignof(Folio)));
  for (std::uint32_t i = 0; i < count_; ++i) new (frames_ + i) Folio;
  frames_[0].state.modify().refcount = 1;
  first_free_.write(1);
}

Folio* Memory::alloc_folio() {
  std::uint32_t at = first_free_.read();
  while (at < count_ && frames_[at].state.peek().refcount != 0) ++at;
  if (at == count_) return nullptr;
  first_free_.write(at + 1);
  frames_[at].state.write({.refcount = 1});
  return &frames_[at];
}

Folio* Memory::dequeue_huge_page(From from) {
  const HugePool& pool = huge_pool_.read();
  if (pool.free == 0 || (from == From::available && pool.available() <= 0)) return nullptr;
  Folio* folio = alloc_folio();
  if (!folio) return nullptr;
  HugePool& changed = huge_pool_.modify();
  --changed.free;
  if (from == From::reserved) --changed.reserved;
  folio->state.modify().hugetlb = true;
  folio->state.modify().restore_reserve = from == From::reserved;
  return folio;
}

bool Memory::reserve_huge_pages(std::uint64_t count) {
  if (huge_pool_.read().available() < static_cast<std::int64_t>(count)) return false;
  if (count > 0) huge_pool_.modify().reserved += static_cast<std::int32_t>(count);
  return true;
}

void Memory::unreserve_huge_pages(std::uint64_t count) {
  if (count == 0) return;
  huge_pool_.modify().reserved -= static_cast<std::int32_t>(count);
}

void Memory::free_huge_page(const Folio::State& state) {
  HugePool& pool = huge_pool_.modify();
  ++pool.free;
  if (state.restore_reserve) ++pool.reserved;
  SIM_ASSERT(pool.available() >= 0 && pool.free <= pool.total);
}

void Memory::folio_get(Folio& folio) { ++folio.state.modify().refcount; }

void Memory::folio_put(Folio& folio) {
  Folio::State& state = folio.state.modify();
  SIM_ASSERT(state.refcount > 0);
  if (--state.refcount > 0) return;
  SIM_ASSERT(state.mapcount == 0);
  if (state.hugetlb) free_huge_page(state);
  state = {};
  first_free_.write(std::min(first_free_.read(), pfn_of(folio).value));
}

Folio& Memory::folio_at(Pfn pfn) {
  SIM_ASSERT(pfn.value < count_);
  return frames_[pfn.value];
}

std::uint32_t Memory::used_frames() const {
  return static_cast<std::uint32_t>(std::count_if(
      frames_ + 1, frames_ + count_, [](const Folio& f) { return f.state.peek().refcount != 0; }));
}

}  // namespace model
