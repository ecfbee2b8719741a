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

sim::Task<void> mprotect_fixup(Mm& mm, Vma& vma, AddrRange range, std::uint8_t protection) {
  const Vma::State state = vma.state.read();
  const VmFlagBits flags = protected_flags(state, protection);
  if (((flags ^ state.flags) & kAccessFlags) == 0) co_return;
  Vma* changed = co_await vma_modify_flags_uffd(mm, vma, range, flags, state.ctx);
  static_cast<void>(changed);
  co_await change_protection(mm, range, {.kind = ProtectionChange::Kind::rights, .vm_flags = flags});
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
  VirtAddr at = range.start;
  while (at < range.end) {
    Vma* vma = mm.vmas.vma_lookup(at);
    if (!vma) break;
    const VirtAddr end = std::min(vma->end(), range.end);
    co_await mprotect_fixup(mm, *vma, {at, end}, protection);
    at = end;
  }
  mm.mmap_write_unlock();
  co_return at < range.end ? Errno::nomem : Errno::none;
}

}  // namespace model
