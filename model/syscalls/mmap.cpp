// SPDX-License-Identifier: Apache-2.0
// Follows mm/mmap.c: mmap_region.
#include "model/kernels/kernel.hpp"
#include "model/mm/hugetlb.hpp"
#include "model/mm/shmem.hpp"
#include "model/mm/vma_modify.hpp"
#include "model/syscalls/syscalls.hpp"
#include "model/syscalls/unmapped_area.hpp"
#include "model/uffd/range.hpp"

namespace model {
namespace {

VmFlagBits vm_flags_of(std::uint8_t protection, Sharing sharing) {
  const bool shared = sharing == Sharing::shared;
  VmFlagBits flags = shared ? VM_SHARED : 0;
  if (protection & kProtectRead) flags |= VM_READ;
  if (protection & kProtectWrite) flags |= VM_WRITE;
  if (protection & kProtectWrite && !shared) flags |= VM_ACCOUNT;
  return flags;
}

bool is_file_hugepages(const Process& process, MapObject object) {
  if (object.memfd == MapObject::kAnonymous) return object.page_size == PageSize::huge;
  return process.memfds[object.memfd].read()->hugetlb != nullptr;
}

// The file that is to be mapped, with a reference; none for private anonymous memory. Shared anonymous memory
// is a file that nobody else can open (shmem_zero_setup).
FilePages file_of(Process& process, std::uint64_t length, MapObject object) {
  if (object.memfd != MapObject::kAnonymous) {
    Inode* inode = process.memfds[object.memfd].read();
    iget(*inode);
    return {inode, object.first};
  }
  System& system = *process.mm.system;
  if (object.page_size == PageSize::huge) return {&hugetlb_file_setup(system, length / kPageSize), 0};
  if (object.sharing == Sharing::private_) return {};
  return {&shmem_file_setup(system, length / kPageSize), 0};
}

// Promises the pages of the mapping, and lets the file grow to them if they can be written to. Follows
// fs/hugetlbfs/inode.c: hugetlbfs_file_mmap.
sim::Task<Errno> hugetlbfs_file_mmap(System& system, FilePages& file, std::uint64_t length,
                                     VmFlagBits vm_flags, MapObject::Reserve reserve) {
  Inode& inode = *file.inode;
  if (file.first % kPagesPerHugePage != 0) co_return Errno::inval;
  const std::uint64_t end = file.first + length / kPageSize;
  if (end / kPagesPerHugePage > kMaxHugePages) co_return Errno::nomem;
  co_await inode.i_rwsem.lock();
  const bool promised = reserve == MapObject::Reserve::no ||
                        hugetlb_reserve_pages(system, inode, file.first / kPagesPerHugePage,
                                              end / kPagesPerHugePage, vm_flags, file.resv);
  if (promised && vm_flags & VM_WRITE && inode.i_size.read() < end) inode.i_size.write(end);
  inode.i_rwsem.unlock();
  co_return promised ? Errno::none : Errno::nomem;
}

}  // namespace

sim::Task<Result<VirtAddr>> sys_mmap(Process& process, VirtAddr start, std::uint64_t length,
                                     std::uint8_t protection, MapPlacement placement, MapObject object) {
  const bool closed = object.memfd != MapObject::kAnonymous && !process.memfds[object.memfd].read();
  if (closed) co_return error(Errno::badf);
  if (length == 0) co_return error(Errno::inval);
  const bool huge = is_file_hugepages(process, object);
  const std::uint64_t unit = bytes_of(huge ? PageSize::huge : PageSize::base);
  length = (length + unit - 1) & ~(unit - 1);
  if (length == 0) co_return error(Errno::nomem);  // it wrapped
  Mm& mm = process.mm;
  const VirtAddr limit = address_limit(mm);
  if (start > limit || length > limit - start) co_return error(Errno::nomem);
  if (placement == MapPlacement::fixed && start.value % unit != 0) co_return error(Errno::inval);
  // Simplified: huge pages are mapped where they are wanted, and only if this world's page tables have their
  // size.
  const bool fits = mm.page_tables.leaf_table_span() == kHugePageSize && placement == MapPlacement::fixed;
  if (huge && !fits) co_return error(Errno::nomem);

  PendingUnmaps unmaps;
  co_await mm.mmap_lock.write_lock();
  if (placement == MapPlacement::hint) {
    const Result<VirtAddr> found = get_unmapped_area(mm, start.value == 0 ? kAnywhere : start, length);
    if (!found) {
      mm.mmap_write_unlock();
      co_return found;
    }
    start = *found;
  }
  Errno failed = co_await do_munmap(mm, range_of(start, length), Downgrade::no, unmaps);
  if (failed != Errno::none) failed = mm.system->kernel->mmap_over_part;
  FilePages file;
  auto flags = vm_flags_of(protection, object.sharing);
  if (failed == Errno::none) file = file_of(process, length, object);
  if (failed == Errno::none && huge) {
    flags |= VM_HUGETLB;
    failed = co_await hugetlbfs_file_mmap(*mm.system, file, length, flags, object.reserve);
  }
  if (failed == Errno::none) {
    Vma* vma = co_await map_region(mm, range_of(start, length), flags, file);
    static_cast<void>(vma);
  }
  if (file.inode) iput(*process.mm.system, *file.inode);  // the mapping has its own reference
  mm.mmap_write_unlock();
  co_await unmaps.complete();
  if (failed != Errno::none) co_return error(failed);
  co_return start;
}

}  // namespace model
