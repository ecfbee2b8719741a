// SPDX-License-Identifier: Apache-2.0
// Follows mm/mmap.c: mmap_region.
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

// The file that is to be mapped, with a reference; none for private anonymous memory. Shared anonymous memory
// is a file that nobody else can open (shmem_zero_setup).
FilePages file_of(Process& process, std::uint64_t length, MapObject object) {
  if (object.memfd != MapObject::kAnonymous) {
    Inode* inode = process.memfds[object.memfd].read();
    iget(*inode);
    return {inode, object.first};
  }
  if (object.sharing == Sharing::private_) return {};
  return {&shmem_file_setup(*process.mm.system, length / kPageSize), 0};
}
}  // namespace

sim::Task<Result<VirtAddr>> sys_mmap(Process& process, VirtAddr start, std::uint64_t length,
                                     std::uint8_t protection, MapPlacement placement, MapObject object) {
  const bool closed = object.memfd != MapObject::kAnonymous && !process.memfds[object.memfd].read();
  if (closed) co_return error(Errno::badf);
  if (length == 0) co_return error(Errno::inval);
  length = (length + kPageSize - 1) & kPageMask;
  if (length == 0) co_return error(Errno::nomem);  // it wrapped
  Mm& mm = process.mm;
  const VirtAddr limit = address_limit(mm);
  if (start > limit || length > limit - start) co_return error(Errno::nomem);
  if (placement == MapPlacement::fixed && !start.page_aligned()) co_return error(Errno::inval);

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
  co_await do_munmap(mm, range_of(start, length), Downgrade::no, unmaps);
  const FilePages file = file_of(process, length, object);
  Vma* vma = co_await map_region(mm, range_of(start, length), vm_flags_of(protection, object.sharing), file);
  static_cast<void>(vma);
  if (file.inode) iput(*process.mm.system, *file.inode);  // the mapping has its own reference
  mm.mmap_write_unlock();
  co_await unmaps.complete();
  co_return start;
}

}  // namespace model
