// SPDX-License-Identifier: Apache-2.0
// Follows mm/mremap.c: shrink_vma, expand_vma, move_vma, and the end of do_mremap.
#include "model/syscalls/mremap.hpp"

#include <sys/mman.h>

#include "model/fault/fault.hpp"
#include "model/kernels/kernel.hpp"
#include "model/mm/rmap.hpp"
#include "model/mm/vma_modify.hpp"
#include "model/syscalls/unmapped_area.hpp"
#include "model/uffd/range.hpp"

namespace model {
namespace {

// Room behind the mapping for so many bytes.
bool vma_expandable(Mm& mm, const Vma& vma, std::uint64_t delta) {
  const VirtAddr end = vma.end();
  const VirtAddr limit = address_limit(mm);
  return delta <= limit - end && !mm.vmas.find_intersection({end, {end.value + delta}});
}

// The mapping stays, empty, where it was: none of its pages needs to be found through its anon_vma any more.
void dontunmap_complete(Remap& remap, const Vma& copy) {
  Vma* vma = remap.mm->vmas.vma_lookup(remap.asked.old_address);
  const bool all_of_it = vma != &copy && vma->state.read().range == remap.old_range();
  if (all_of_it) unlink_anon_vma(*remap.mm->system, *vma);
}

// A copy that stands beside a mapping that stays, where both would be one: some kernels do not let it merge.
Merge merge_of_copy(const Remap& remap, const Vma& vma) {
  const Kernel& kernel = *remap.mm->system->kernel;
  const AddrRange kept = vma.state.read().range;
  const AddrRange copy = remap.new_range();
  const bool beside = copy.start == kept.end || copy.end == kept.start;
  const bool may_join_kept = vma.vma_is_anonymous() && !vma.state.read().anon_vma && beside;
  if (remap.has(MREMAP_DONTUNMAP) && may_join_kept && kernel.merge_with_kept == Merge::never)
    return Merge::never;
  return moves_out_of_its_uffd(vma) ? kernel.merge_out_of_uffd : Merge::with_neighbours;
}

// See mremap.hpp.
Vma* vma_to_remap(const Remap& remap) {
  Vma* vma = remap.mm->vmas.vma_lookup(remap.asked.old_address);
  SIM_ASSERT(!vma || !vma->is_vm_hugetlb_page());
  return vma;
}

}  // namespace

bool Remap::implies_new_address() const { return has(MREMAP_FIXED | MREMAP_DONTUNMAP); }

bool new_address_fits(const Remap& remap) {
  const MremapRequest& asked = remap.asked;
  if (asked.new_length > kTaskSize.value) return false;
  if (asked.new_address == kAnywhere) return true;
  if (!asked.new_address.page_aligned()) return false;
  if (asked.new_address > VirtAddr{kTaskSize.value - asked.new_length}) return false;
  return !remap.old_range().overlaps(remap.new_range());
}

Errno may_resize(const Remap& remap, std::uint64_t length) {
  const Vma* vma = remap.mm->vmas.vma_lookup(remap.asked.old_address);
  if (!vma) return Errno::fault;
  if (length == 0) return vma->shared() ? Errno::none : Errno::inval;  // a second mapping of the same pages
  const bool inside = length <= vma->end() - remap.asked.old_address;
  return inside ? Errno::none : Errno::fault;
}

sim::Task<Errno> shrink_vma(Remap& remap, Downgrade downgrade) {
  const VirtAddr start{remap.asked.old_address.value + remap.asked.new_length};
  const std::uint64_t length = remap.asked.old_length - remap.asked.new_length;
  if (start > kTaskSize || length > kTaskSize - start) co_return Errno::inval;
  static_cast<void>(vma_to_remap(remap));
  const Errno error = co_await do_munmap(*remap.mm, range_of(start, length), downgrade, remap.unmaps);
  co_return error;
}

sim::Task<Result<VirtAddr>> expand_vma(Remap& remap) {
  Mm& mm = *remap.mm;
  const MremapRequest& asked = remap.asked;
  Vma* vma = vma_to_remap(remap);
  const std::uint64_t delta = asked.new_length - asked.old_length;
  if (remap.old_range().end == vma->end() && vma_expandable(mm, *vma, delta)) {
    vma = co_await vma_merge_extend(mm, *vma, PageCount{delta >> kPageShift});
    co_return asked.old_address;
  }
  if (!remap.has(MREMAP_MAYMOVE)) co_return error(Errno::nomem);
  const Result<VirtAddr> moved = co_await move_vma(remap);
  co_return moved;
}

sim::Task<Result<VirtAddr>> move_vma(Remap& remap) {
  Mm& mm = *remap.mm;
  MremapRequest& asked = remap.asked;
  if (!remap.has(MREMAP_FIXED)) {
    const VirtAddr hint = remap.has(MREMAP_DONTUNMAP) ? asked.new_address : kAnywhere;
    const Result<VirtAddr> found = get_unmapped_area(mm, hint, asked.new_length);
    if (!found) co_return found;
    asked.new_address = *found;
  }
  Vma* vma = vma_to_remap(remap);
  co_await vma_start_write(mm, *vma);
  const Kernel& kernel = *mm.system->kernel;
  const MovedLeaves leaves{kernel.moved_wp(*vma), vm_page_prot(kernel, vma->flags())};
  const Merge merge = merge_of_copy(remap, *vma);
  Vma* copy = co_await copy_vma(mm, *vma, asked.old_address, remap.new_range(), merge);
  // Alone, the copy is the last of its file's mappings; merged, it may come before the old one.
  const bool merged = copy->state.read().range != remap.new_range();
  Inode* file = merged ? copy->state.read().vm_file : nullptr;
  co_await move_page_tables(mm, remap.old_range(), asked.new_address, leaves, file);
  co_await remap.remap.prepare(mm, *copy);
  remap.moved_from = remap.old_range();
  remap.moved_to = asked.new_address;
  if (remap.has(MREMAP_DONTUNMAP)) {
    dontunmap_complete(remap, *copy);
  } else if (asked.old_length > 0) {
    const Errno unmapped = co_await do_munmap(mm, remap.old_range(), Downgrade::no, remap.unmaps);
    SIM_ASSERT(unmapped == Errno::none);  // it lies in one mapping, of small pages
  }
  co_return asked.new_address;
}

sim::Task<Result<VirtAddr>> sys_mremap(Process& process, MremapRequest request) {
  Mm& mm = process.mm;
  Remap remap{.mm = &mm, .asked = request};
  const Result<VirtAddr> result = co_await mm.system->kernel->mremap(remap);
  if (mm.mmap_lock.write_held_by_me()) {
    mm.mmap_write_unlock();
  } else if (mm.mmap_lock.read_held_by_me()) {
    mm.mmap_lock.read_unlock();  // it was downgraded while something was unmapped
  }
  co_await remap.unmaps_early.complete();
  co_await remap.remap.complete(remap.moved_from, remap.moved_to);
  co_await remap.unmaps.complete();
  co_return result;
}

}  // namespace model
