// SPDX-License-Identifier: Apache-2.0
// Follows mm/mprotect.c: do_mprotect_pkey and mprotect_fixup.
#include <algorithm>

#include "model/fault/change_protection.hpp"
#include "model/mm/vma_modify.hpp"
#include "model/syscalls/syscalls.hpp"
#include "model/uffd/range.hpp"

namespace model {
namespace {

// Access rights, and what is accounted for: a private mapping that becomes writable is charged and stays so
// once it has pages of its own.
VmFlagBits protected_flags(const Vma::State& state, std::uint8_t protection) {
  auto flags = static_cast<VmFlagBits>(state.flags & ~kAccessFlags);
  if (protection & kProtectRead) flags |= VM_READ;
  if (protection & kProtectWrite) flags |= VM_WRITE;
  if (protection & kProtectWrite && !(flags & VM_SHARED)) flags |= VM_ACCOUNT;
  const bool uncharged = state.anon_vma == nullptr && state.vm_file == nullptr;
  if (!(protection & kProtectWrite) && uncharged) flags = static_cast<VmFlagBits>(flags & ~VM_ACCOUNT);
  return flags;
}

sim::Task<Errno> mprotect_fixup(Mm& mm, Vma& vma, AddrRange range, std::uint8_t protection) {
  const Vma::State state = vma.state.read();
  const VmFlagBits flags = protected_flags(state, protection);
  if (((flags ^ state.flags) & kAccessFlags) == 0) co_return Errno::none;
  if (!vma.may_split(range.start) || !vma.may_split(range.end)) co_return Errno::inval;
  Vma* changed = co_await vma_modify_flags_uffd(mm, vma, range, flags, state.ctx);
  const ProtectionChange rights{.kind = ProtectionChange::Kind::rights, .vm_flags = flags};
  if (changed->is_vm_hugetlb_page()) {
    co_await hugetlb_change_protection(*changed, range, rights);
  } else {
    co_await change_protection(mm, range, rights);
  }
  co_return Errno::none;
}

}  // namespace

sim::Task<Errno> sys_mprotect(Process& process, VirtAddr start, std::uint64_t length,
                              std::uint8_t protection) {
  if (!start.page_aligned()) co_return Errno::inval;
  if (length == 0) co_return Errno::none;
  length = (length + kPageSize - 1) & kPageMask;
  const AddrRange range = range_of(start, length);
  if (range.empty()) co_return Errno::nomem;
  Mm& mm = process.mm;
  co_await mm.mmap_lock.write_lock();
  Errno error = Errno::none;
  VirtAddr at = range.start;
  while (at < range.end && error == Errno::none) {
    Vma* vma = mm.vmas.vma_lookup(at);
    error = Errno::nomem;
    if (!vma) break;
    const VirtAddr end = std::min(vma->end(), range.end);
    error = co_await mprotect_fixup(mm, *vma, {at, end}, protection);
    at = end;
  }
  mm.mmap_write_unlock();
  co_return error;
}

}  // namespace model
