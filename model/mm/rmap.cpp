// SPDX-License-Identifier: Apache-2.0
#include "model/mm/rmap.hpp"

namespace model {
namespace {

void link(Vma& vma, AnonVma& anon_vma) {
  vma.state.modify().anon_vma = &anon_vma;
  anon_vma.vmas.push_back(vma);
}

// Whether `b`, which begins where `a` ends, could be one mapping with it but for its access rights.
bool anon_vma_compatible(const Vma& a, const Vma& b) {
  const Vma::State& left = a.state.read();
  const Vma::State& right = b.state.read();
  return left.range.end == right.range.start && left.vm_file == right.vm_file &&
         ((left.flags ^ right.flags) & ~(kAccessFlags | kStickyFlags)) == 0 &&
         left.pgoff + left.range.pages().value == right.pgoff;
}

AnonVma* find_mergeable_anon_vma(Mm& mm, Vma& vma) {
  Vma* next = mm.vmas.next(vma);
  if (next && anon_vma_compatible(vma, *next) && next->state.read().anon_vma)
    return next->state.read().anon_vma;
  Vma* prev = mm.vmas.prev(vma);
  if (prev && anon_vma_compatible(*prev, vma)) return prev->state.read().anon_vma;
  return nullptr;
}

// The last user of an anon_vma is gone; perhaps it was the last of its parent's too.
void put_anon_vma(System& system, AnonVma* anon_vma) {
  while (anon_vma && anon_vma->vmas.empty() && anon_vma->children.read() == 0) {
    AnonVma* above = anon_vma->parent;
    system.anon_vma_cache.release(anon_vma);
    if (above) above->children.write(above->children.read() - 1);
    anon_vma = above;
  }
}

}  // namespace

sim::Task<void> anon_vma_prepare(Mm& mm, Vma& vma) {
  SIM_ASSERT(mm.mmap_lock.held_by_me());
  if (vma.state.read().anon_vma) co_return;
  co_await mm.page_tables.page_table_lock().lock();
  if (!vma.state.read().anon_vma) {
    AnonVma* anon_vma = find_mergeable_anon_vma(mm, vma);
    if (!anon_vma) anon_vma = mm.system->anon_vma_cache.allocate();
    link(vma, *anon_vma);
  }
  mm.page_tables.page_table_lock().unlock();
}

void anon_vma_clone(Vma& vma, Vma& half) {
  if (vma.state.read().anon_vma) link(half, *vma.state.read().anon_vma);
}

void anon_vma_fork(System& system, Vma& child, const Vma& parent) {
  AnonVma* above = parent.state.read().anon_vma;
  if (!above) return;
  AnonVma* own = system.anon_vma_cache.allocate();
  own->parent = above;
  above->children.write(above->children.read() + 1);
  link(child, *own);
}

void unlink_anon_vma(System& system, Vma& vma) {
  AnonVma* anon_vma = vma.state.read().anon_vma;
  if (!anon_vma) return;
  anon_vma->vmas.erase(vma);
  vma.state.modify().anon_vma = nullptr;
  put_anon_vma(system, anon_vma);
}

void folio_add_new_anon_rmap(Folio& folio, Vma& vma, VirtAddr address) {
  Folio::State& state = folio.state.modify();
  SIM_ASSERT(state.mapcount == 0 && vma.state.read().anon_vma);
  state.mapcount = 1;
  state.anon_exclusive = true;
  state.anon_vma = vma.state.read().anon_vma;
  state.index = vma.linear_page_index(address);
}

void folio_move_anon_rmap(Folio& folio, Vma& vma, VirtAddr address) {
  Folio::State& state = folio.state.modify();
  SIM_ASSERT(state.mapcount == 1 && vma.state.read().anon_vma);
  state.anon_exclusive = true;
  state.anon_vma = vma.state.read().anon_vma;
  state.index = vma.linear_page_index(address);
}

void folio_dup_anon_rmap(Folio& folio) {
  Folio::State& state = folio.state.modify();
  ++state.refcount;
  ++state.mapcount;
  state.anon_exclusive = false;
}

void folio_add_file_rmap(Folio& folio) { ++folio.state.modify().mapcount; }

void folio_remove_rmap(Folio& folio) {
  Folio::State& state = folio.state.modify();
  SIM_ASSERT(state.mapcount > 0);
  --state.mapcount;
}

}  // namespace model
