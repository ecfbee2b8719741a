// SPDX-License-Identifier: Apache-2.0
#include "model/mm/vma_modify.hpp"

#include "model/mm/hugetlb.hpp"
#include "model/mm/rmap.hpp"
#include "model/mm/shmem.hpp"

namespace model {
namespace {

// `upper` begins where `lower` ends.
bool can_merge(const Vma& lower, const Vma& upper) {
  const Vma::State& a = lower.state.read();
  const Vma::State& b = upper.state.read();
  if (a.flags & VM_HUGETLB) return false;  // VM_DONTEXPAND
  // One that was never written to goes with any, unless that one was forked (list_is_singular).
  const AnonVma* only = a.anon_vma ? a.anon_vma : b.anon_vma;
  const bool one_is_new = (!a.anon_vma || !b.anon_vma) && (!only || !only->parent);
  const bool anon_vmas_agree = a.anon_vma == b.anon_vma || one_is_new;
  const bool flags_agree = ((a.flags ^ b.flags) & ~kStickyFlags) == 0;
  return a.range.end == b.range.start && flags_agree && a.ctx == b.ctx && anon_vmas_agree &&
         a.vm_file == b.vm_file && a.pgoff + a.range.pages().value == b.pgoff;
}

// Whoever walks the mappings of a file sees neither a gap nor an overlap while one of them changes.
sim::Task<void> vma_prepare(const Vma& vma) {
  if (!vma.vma_is_anonymous()) co_await vma.state.read().vm_file->i_mmap_rwsem.write_lock();
}
void vma_complete(Inode* file) {
  if (file) file->i_mmap_rwsem.write_unlock();
}

// `lower` takes over `upper`, which is freed. Both are write-locked.
sim::Task<void> merge(Mm& mm, Vma& lower, Vma& upper) {
  Inode* file = lower.state.read().vm_file;
  co_await vma_prepare(lower);
  if (!lower.state.read().anon_vma) anon_vma_clone(upper, lower);
  const VirtAddr end = upper.end();
  const auto sticky = static_cast<VmFlagBits>(upper.flags() & kStickyFlags);
  detach_vma(mm, upper);
  if (file) file->i_mmap.erase(upper);
  free_vma(mm, upper);
  Vma::State& state = lower.state.modify();
  state.range.end = end;
  state.flags |= sticky;
  vma_complete(file);
}

// Merges the mapping with its neighbours where they agree; returns what it is part of then.
sim::Task<Vma*> merge_with_neighbours(Mm& mm, Vma& vma) {
  Vma* merged = &vma;
  Vma* prev = mm.vmas.prev(*merged);
  if (prev && can_merge(*prev, *merged)) {
    co_await vma_start_write(mm, *prev);
    co_await merge(mm, *prev, *merged);
    merged = prev;
  }
  Vma* next = mm.vmas.next(*merged);
  if (next && can_merge(*merged, *next)) {
    co_await vma_start_write(mm, *next);
    co_await merge(mm, *merged, *next);
  }
  co_return merged;
}

}  // namespace

void detach_vma(Mm& mm, Vma& vma) { mm.vmas.erase(vma); }

sim::Task<void> vma_link_file(Vma& vma) {
  Inode* file = vma.state.read().vm_file;
  if (!file) co_return;
  iget(*file);
  co_await file->i_mmap_rwsem.write_lock();
  file->i_mmap.push_back(vma);
  file->i_mmap_rwsem.write_unlock();
}

sim::Task<void> unlink_file_vma(Vma& vma) {
  Inode* file = vma.state.read().vm_file;
  if (!file) co_return;
  co_await file->i_mmap_rwsem.write_lock();
  file->i_mmap.erase(vma);
  file->i_mmap_rwsem.write_unlock();
}

void free_vma(Mm& mm, Vma& vma) {
  SIM_ASSERT(vma.lock.idle());
  unlink_anon_vma(*mm.system, vma);
  if (vma.is_vm_hugetlb_page()) hugetlb_vm_op_close(*mm.system, vma);
  if (Inode* file = vma.state.read().vm_file) iput(*mm.system, *file);
  mm.system->vma_cache.release(&vma);
}

sim::Task<Vma*> split_vma(Mm& mm, Vma& vma, VirtAddr address) {
  co_await vma_start_write(mm, vma);
  Vma::State upper = vma.state.read();
  SIM_ASSERT(upper.range.start < address && address < upper.range.end && vma.may_split(address));
  upper.pgoff = vma.linear_page_index(address);
  upper.range.start = address;
  upper.anon_vma = nullptr;
  Inode* file = upper.vm_file;
  co_await vma_prepare(vma);
  Vma* half = mm.system->vma_cache.allocate(mm, upper);
  half->write_locked.write(true);
  anon_vma_clone(vma, *half);
  if (vma.is_vm_hugetlb_page()) hugetlb_vm_op_open(*mm.system, vma, *half);
  vma.state.modify().range.end = address;
  mm.vmas.insert(*half);
  if (file) {
    iget(*file);
    file->i_mmap.push_back(*half);
  }
  vma_complete(file);
  co_return half;
}

sim::Task<Vma*> vma_modify_flags_uffd(Mm& mm, Vma& vma, AddrRange range, VmFlagBits flags,
                                      UserfaultfdCtx* ctx) {
  Vma* middle = &vma;
  if (middle->start() < range.start) middle = co_await split_vma(mm, *middle, range.start);
  if (range.end < middle->end()) {
    Vma* rest = co_await split_vma(mm, *middle, range.end);
    static_cast<void>(rest);
  }
  co_await vma_start_write(mm, *middle);
  Vma::State& state = middle->state.modify();
  state.flags = flags;
  state.ctx = ctx;
  Vma* merged = co_await merge_with_neighbours(mm, *middle);
  co_return merged;
}

sim::Task<Vma*> map_region(Mm& mm, AddrRange range, VmFlagBits flags, FilePages file) {
  const std::uint64_t pgoff = file.inode ? file.first : range.start.page_number();
  Vma* vma = mm.system->vma_cache.allocate(
      mm, Vma::State{.range = range, .pgoff = pgoff, .flags = flags, .vm_file = file.inode});
  vma->write_locked.write(true);
  if (vma->is_vm_hugetlb_page()) hugetlb_vma_alloc(*mm.system, *vma, file.resv);
  mm.vmas.insert(*vma);
  co_await vma_link_file(*vma);
  Vma* merged = co_await merge_with_neighbours(mm, *vma);
  co_return merged;
}

sim::Task<Vma*> copy_vma(Mm& mm, Vma& vma, VirtAddr from, AddrRange to, Merge merge) {
  SIM_ASSERT(!vma.is_vm_hugetlb_page());  // see mremap.hpp
  Vma::State state = vma.state.read();
  // Pages that nobody can find by their old offset yet may have the one of their new place.
  const bool may_choose = vma.vma_is_anonymous() && !state.anon_vma;
  state.pgoff = may_choose ? to.start.page_number() : vma.linear_page_index(from);
  state.range = to;
  state.anon_vma = nullptr;
  Vma* copy = mm.system->vma_cache.allocate(mm, state);
  copy->write_locked.write(true);
  anon_vma_clone(vma, *copy);
  mm.vmas.insert(*copy);
  co_await vma_link_file(*copy);
  if (merge == Merge::never) co_return copy;
  Vma* merged = co_await merge_with_neighbours(mm, *copy);
  co_return merged;
}

sim::Task<Vma*> vma_merge_extend(Mm& mm, Vma& vma, PageCount more) {
  co_await vma_start_write(mm, vma);
  co_await vma_prepare(vma);
  const VirtAddr end = vma.end() + more;
  vma.state.modify().range.end = end;
  vma_complete(vma.state.read().vm_file);
  Vma* next = mm.vmas.next(vma);
  if (next && can_merge(vma, *next)) {
    co_await vma_start_write(mm, *next);
    co_await merge(mm, vma, *next);
  }
  co_return &vma;
}

}  // namespace model
