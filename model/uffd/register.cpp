// SPDX-License-Identifier: Apache-2.0
// Follows fs/userfaultfd.c: userfaultfd_register.
//
// Simplified: mappings of huge pages are not registered for RWP (EINVAL).
#include <algorithm>

#include "model/kernels/kernel.hpp"
#include "model/mm/vma_modify.hpp"
#include "model/uffd/api.hpp"
#include "model/uffd/range.hpp"

namespace model {
namespace {

// Only a file has pages that can be there without being mapped; a page that nobody may touch cannot be made
// accessible again.
bool vma_can_userfault(const Vma& vma, VmFlagBits modes) {
  if (modes & VM_UFFD_RWP && (vma.is_vm_hugetlb_page() || !(vma.flags() & kAccessFlags))) return false;
  return !(modes & VM_UFFD_MINOR) || !vma.vma_is_anonymous();
}

// Every mapping of the range may be registered with this context. Holes are allowed; an empty range is not.
Errno may_register(UserfaultfdCtx& ctx, AddrRange range, VmFlagBits modes) {
  Mm& mm = *ctx.mm;
  Vma* vma = mm.vmas.find_intersection(range);
  if (!vma || !vma->may_split(range.start)) return Errno::inval;
  for (; vma && vma->start() < range.end; vma = mm.vmas.next(*vma)) {
    UserfaultfdCtx* owner = vma->state.read().ctx;
    if (!vma_can_userfault(*vma, modes)) return Errno::inval;
    if (vma->contains(range.end) && !vma->may_split(range.end)) return Errno::inval;
    if (owner && owner != &ctx) return Errno::busy;
    const Errno allowed = mm.system->kernel->may_change_modes(*vma, modes);
    if (allowed != Errno::none) return allowed;
  }
  return Errno::none;
}

AddrRange clipped(const Vma& vma, AddrRange range) {
  const AddrRange all = vma.state.read().range;
  return {std::max(all.start, range.start), std::min(all.end, range.end)};
}

// Called with mmap_lock held for writing.
sim::Task<void> arm(UserfaultfdCtx& ctx, AddrRange range, VmFlagBits modes) {
  Mm& mm = *ctx.mm;
  VirtAddr at = range.start;
  while (at < range.end) {
    Vma* vma = mm.vmas.find_intersection({at, range.end});
    if (!vma) co_return;
    const AddrRange part = clipped(*vma, {at, range.end});
    const Vma::State state = vma->state.read();
    const bool has_them = state.ctx == &ctx && (state.flags & modes) == modes;
    if (!has_them) {
      const auto flags = static_cast<VmFlagBits>((state.flags & ~kUffdModes) | modes);
      vma = co_await vma_modify_flags_uffd(mm, *vma, part, flags, &ctx);
    }
    at = part.end;
  }
}

// WP and RWP share one bit of a leaf.
bool valid_mode(const UserfaultfdCtx& ctx, std::uint64_t mode) {
  if (mode == 0 || mode & ~ctx.mm->system->kernel->register_modes) return false;
  const bool rwp = mode & abi::kRegisterModeRwp;
  return !rwp || (ctx.has_feature(abi::kFeatureRwp) && !(mode & UFFDIO_REGISTER_MODE_WP));
}

VmFlagBits vm_flags_of(std::uint64_t mode) {
  VmFlagBits flags = 0;
  if (mode & UFFDIO_REGISTER_MODE_MISSING) flags |= VM_UFFD_MISSING;
  if (mode & UFFDIO_REGISTER_MODE_WP) flags |= VM_UFFD_WP;
  if (mode & UFFDIO_REGISTER_MODE_MINOR) flags |= VM_UFFD_MINOR;
  if (mode & abi::kRegisterModeRwp) flags |= VM_UFFD_RWP;
  return flags;
}

bool has_huge_pages(Mm& mm, AddrRange range) {
  Vma* vma = mm.vmas.find_intersection(range);
  for (; vma && vma->start() < range.end; vma = mm.vmas.next(*vma)) {
    if (vma->is_vm_hugetlb_page()) return true;
  }
  return false;
}

// What huge pages do not have.
constexpr std::uint64_t kNotBasic = abi::ioctl_bit(_UFFDIO_ZEROPAGE) | abi::ioctl_bit(abi::kIoctlMove);

// The ioctls that the request, not what became of it, makes useful.
std::uint64_t ioctls_of(const Kernel& kernel, std::uint64_t mode) {
  const bool wp = mode & UFFDIO_REGISTER_MODE_WP;
  const bool minor = mode & UFFDIO_REGISTER_MODE_MINOR;
  return kernel.range_ioctls | (wp ? abi::ioctl_bit(_UFFDIO_WRITEPROTECT) : 0) |
         (minor ? abi::ioctl_bit(_UFFDIO_CONTINUE) : 0) |
         (mode & abi::kRegisterModeRwp ? abi::ioctl_bit(abi::kIoctlRwprotect) : 0);
}

}  // namespace

sim::Task<IoctlReply> userfaultfd_register(UserfaultfdCtx& ctx, RangeRequest request) {
  co_await sim::point("userfaultfd_register");
  if (!ctx.initialized()) co_return IoctlReply::of(Errno::inval);
  if (request.argument == UserPointer::unreadable) co_return IoctlReply::of(Errno::fault);
  if (!valid_mode(ctx, request.mode)) co_return IoctlReply::of(Errno::inval);
  const Errno valid = validate_range(request.start, request.length);
  if (valid != Errno::none) co_return IoctlReply::of(valid);
  Mm& mm = *ctx.mm;
  if (mmget_not_zero(mm) == MmUser::refused) co_return IoctlReply::of(Errno::nomem);

  const AddrRange range = range_of(request.start, request.length);
  co_await mm.mmap_lock.write_lock();
  const VmFlagBits modes = vm_flags_of(request.mode);
  const Errno allowed = may_register(ctx, range, modes);
  const bool basic = has_huge_pages(mm, range);
  if (allowed == Errno::none) co_await arm(ctx, range, modes);
  mm.mmap_write_unlock();
  co_await mmput(mm);
  if (allowed != Errno::none) co_return IoctlReply::of(allowed);
  std::uint64_t ioctls = ioctls_of(*mm.system->kernel, request.mode);
  if (basic) ioctls &= ~kNotBasic;
  co_return IoctlReply::with(Errno::none, static_cast<std::int64_t>(ioctls));
}

}  // namespace model
