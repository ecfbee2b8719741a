// SPDX-License-Identifier: Apache-2.0
// Follows mm/hugetlb.c: hugetlb_reserve_pages, hugetlb_vm_op_close, alloc_hugetlb_folio and
// restore_reserve_on_error.
//
// Simplified: no promise is lost. Linux (6.18 was seen to) loses one when a page that was taken for a shared
// mapping is given back after the file has been cut short, and then promises more than it has.
#include <bit>

#include "model/mm/hugetlb.hpp"
#include "model/mm/shmem.hpp"

namespace model {
namespace {

// A bit for each page in [first, end).
std::uint64_t pages_of(std::uint64_t first, std::uint64_t end) {
  SIM_ASSERT(first <= end && end <= kMaxHugePages);
  const auto below = [](std::uint64_t n) {
    return n == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << n) - 1;
  };
  return below(end) & ~below(first);
}
std::uint64_t page(std::uint64_t index) { return pages_of(index, index + 1); }
std::uint64_t count(std::uint64_t pages) { return static_cast<std::uint64_t>(std::popcount(pages)); }

void put_resv_map(System& system, ResvMap& resv) {
  resv.refs.write(resv.refs.read() - 1);
  if (resv.refs.read() == 0) system.resv_map_cache.release(&resv);
}

HugetlbVma& make_hugetlb_vma(System& system, Vma& vma, ResvMap* resv) {
  HugetlbVma* hugetlb = system.hugetlb_vma_cache.allocate();
  hugetlb->resv = resv;
  vma.state.modify().hugetlb = hugetlb;
  return *hugetlb;
}

// Whether no promise is left for the page.
bool vma_needs_reservation(const Vma& vma, std::uint64_t index) {
  const Vma::State& state = vma.state.read();
  if (vma.shared()) return !(state.vm_file->hugetlb->promised.read() & page(index));
  const ResvMap* resv = state.hugetlb->resv;
  return !resv || resv->consumed.read() & page(index);
}

void vma_commit_reservation(Vma& vma, std::uint64_t index) {
  const Vma::State& state = vma.state.read();
  if (vma.shared()) {
    auto& promised = state.vm_file->hugetlb->promised;
    promised.write(promised.read() | page(index));
  } else if (ResvMap* resv = state.hugetlb->resv) {
    resv->consumed.write(resv->consumed.read() | page(index));
  }
}

}  // namespace

void hugetlb_vma_alloc(System& system, Vma& vma, ResvMap* resv) { make_hugetlb_vma(system, vma, resv); }

void hugetlb_vm_op_open(System& system, const Vma& vma, Vma& half) {
  const HugetlbVma& lower = *vma.state.read().hugetlb;
  if (lower.resv) lower.resv->refs.write(lower.resv->refs.read() + 1);
  make_hugetlb_vma(system, half, lower.resv).robbed.write(lower.robbed.read());
}

void hugetlb_dup_vma_private(System& system, Vma& child) { make_hugetlb_vma(system, child, nullptr); }

void hugetlb_vm_op_close(System& system, Vma& vma) {
  HugetlbVma& hugetlb = *vma.state.read().hugetlb;
  SIM_ASSERT(hugetlb.lock.idle());
  if (ResvMap* resv = hugetlb.resv) {
    const std::uint64_t pages =
        pages_of(vma_hugecache_offset(vma, vma.start()), vma_hugecache_offset(vma, vma.end()));
    system.memory.unreserve_huge_pages(count(pages & ~resv->consumed.read()));
    put_resv_map(system, *resv);
  }
  system.hugetlb_vma_cache.release(&hugetlb);
}

bool hugetlb_reserve_pages(System& system, Inode& inode, std::uint64_t first, std::uint64_t end,
                           VmFlagBits vm_flags, ResvMap*& resv) {
  const std::uint64_t pages = pages_of(first, end);
  if (!(vm_flags & VM_SHARED)) {
    if (!system.memory.reserve_huge_pages(count(pages))) return false;
    resv = system.resv_map_cache.allocate();
    resv->refs.write(1);
    return true;
  }
  auto& promised = inode.hugetlb->promised;
  const std::uint64_t more = pages & ~promised.read();
  if (!system.memory.reserve_huge_pages(count(more))) return false;
  promised.write(promised.read() | more);
  return true;
}

sim::Task<Folio*> alloc_hugetlb_folio(Vma& vma, VirtAddr address, Promise promise) {
  co_await sim::point("hugetlb_lock");
  const std::uint64_t index = vma_hugecache_offset(vma, address);
  const bool promised = promise == Promise::used && !vma_needs_reservation(vma, index);
  const auto from = promised ? Memory::From::reserved : Memory::From::available;
  Folio* folio = vma.vm_mm->system->memory.dequeue_huge_page(from);
  if (folio) vma_commit_reservation(vma, index);
  co_return folio;
}

void restore_reserve_on_error(Vma& vma, VirtAddr address, Folio& folio) {
  const Vma::State& state = vma.state.read();
  const std::uint64_t index = vma_hugecache_offset(vma, address);
  const bool was_promised = folio.state.read().restore_reserve;
  if (vma.shared()) {
    auto& promised = state.vm_file->hugetlb->promised;
    if (!was_promised) promised.write(promised.read() & ~page(index));
  } else if (was_promised) {
    ResvMap& resv = *state.hugetlb->resv;
    resv.consumed.write(resv.consumed.read() & ~page(index));
  }
  vma.vm_mm->system->memory.folio_put(folio);
}

sim::Task<Errno> hugetlbfs_fill(System& system, Inode& inode, std::uint64_t index, char content) {
  co_await inode.i_rwsem.lock();
  Folio* folio = system.memory.dequeue_huge_page(Memory::From::available);
  if (folio) {
    auto& promised = inode.hugetlb->promised;
    promised.write(promised.read() | page(index));
    folio->state.modify().content = content;
    const Errno added = hugetlb_add_to_page_cache(system, inode, index, *folio);
    SIM_ASSERT(added == Errno::none);
    system.memory.folio_put(*folio);
  }
  inode.i_rwsem.unlock();
  co_return folio ? Errno::none : Errno::nomem;
}

void restore_reserve_on_zap(Vma& vma, VirtAddr address, Folio& folio) {
  const Vma::State& state = vma.state.read();
  ResvMap* resv = vma.shared() ? nullptr : state.hugetlb->resv;
  if (!resv || !folio.folio_test_anon()) return;
  resv->consumed.write(resv->consumed.read() & ~page(vma_hugecache_offset(vma, address)));
  folio.state.modify().restore_reserve = true;
}

}  // namespace model
