// SPDX-License-Identifier: Apache-2.0
// UFFDIO_RWPROTECT. Follows mm/userfaultfd.c: userfaultfd_rwprotect and mrwprotect_range.
#include <algorithm>

#include "model/fault/change_protection.hpp"
#include "model/kernels/kernel.hpp"
#include "model/mm/tlb_gather.hpp"
#include "model/uffd/api.hpp"
#include "model/uffd/range.hpp"
#include "model/uffd/userfault.hpp"
#include "model/uffd/writeprotect.hpp"

namespace model {
namespace {

static_assert(abi::kRwprotectModeRwp == UFFDIO_WRITEPROTECT_MODE_WP);
static_assert(abi::kRwprotectModeDontwake == UFFDIO_WRITEPROTECT_MODE_DONTWAKE);

// Before any mapping is changed: all are registered for RWP, and there is one.
Errno may_change(Mm& mm, AddrRange range) {
  Vma* vma = mm.vmas.find_intersection(range);
  if (!vma) return Errno::noent;
  for (; vma && vma->start() < range.end; vma = mm.vmas.next(*vma)) {
    if (!vma->userfaultfd_rwp()) return Errno::noent;
  }
  return Errno::none;
}

// Called with mmap_lock held for reading. One flush for all mappings, at the end.
sim::Task<void> change_mappings(Mm& mm, AddrRange range, ProtectionChange::Kind kind) {
  TlbGather gather;
  tlb_gather_mmu(mm);
  VirtAddr at = range.start;
  while (at < range.end) {
    Vma* vma = mm.vmas.find_intersection({at, range.end});
    if (!vma) break;
    const AddrRange part{std::max(vma->start(), at), std::min(vma->end(), range.end)};
    const ProtectionChange change{.kind = kind, .vm_flags = vma->flags()};
    co_await change_protection(mm, part, change, gather);
    at = part.end;
  }
  co_await tlb_finish_mmu(mm, gather);
}

sim::Task<Errno> mrwprotect_range(UserfaultfdCtx& ctx, AddrRange range, ProtectionChange::Kind kind) {
  Mm& mm = *ctx.mm;
  co_await mm.mmap_lock.read_lock();
  co_await ctx.map_changing_lock.read_lock();
  Errno error = Errno::again;
  if (!mm.system->kernel->mmap_is_changing(ctx)) {
    error = may_change(mm, range);
    if (error == Errno::none) co_await change_mappings(mm, range, kind);
  }
  ctx.map_changing_lock.read_unlock();
  mm.mmap_lock.read_unlock();
  co_return error;
}

}  // namespace

sim::Task<IoctlReply> userfaultfd_rwprotect(UserfaultfdCtx& ctx, RangeRequest request) {
  using Kind = ProtectionChange::Kind;
  const Errno refused = co_await protect_gate(ctx, request);
  if (refused != Errno::none) co_return IoctlReply::of(refused);
  const Kind kind = request.mode & abi::kRwprotectModeRwp ? Kind::rwp_protect : Kind::rwp_resolve;
  const AddrRange range = range_of(request.start, request.length);
  const Errno error = co_await mrwprotect_range(ctx, range, kind);
  co_await mmput(*ctx.mm);
  const bool wakes = error == Errno::none && request.mode == 0;
  if (wakes) co_await wake_userfault(ctx, range);
  co_return IoctlReply::of(error);
}

}  // namespace model
