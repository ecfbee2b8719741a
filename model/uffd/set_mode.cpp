// SPDX-License-Identifier: Apache-2.0
// UFFDIO_SET_MODE. Follows mm/userfaultfd.c: userfaultfd_set_mode.
#include "model/kernels/kernel.hpp"
#include "model/uffd/api.hpp"
#include "model/uffd/userfault.hpp"

namespace model {
namespace {

Errno check_set_mode(const UserfaultfdCtx& ctx, const SetModeRequest& request) {
  if (!ctx.initialized()) return Errno::inval;
  if (request.argument == UserPointer::unreadable) return Errno::fault;
  if (request.enable & request.disable) return Errno::inval;
  if ((request.enable | request.disable) & ~abi::kFeatureRwpAsync) return Errno::inval;
  return request.enable != 0 && !ctx.has_feature(abi::kFeatureRwp) ? Errno::inval : Errno::none;
}

}  // namespace

sim::Task<IoctlReply> userfaultfd_set_mode(UserfaultfdCtx& ctx, SetModeRequest request) {
  co_await sim::point("userfaultfd_set_mode");
  const Errno refused = check_set_mode(ctx, request);
  if (refused != Errno::none) co_return IoctlReply::of(refused);
  Mm& mm = *ctx.mm;
  if (mmget_not_zero(mm) == MmUser::refused) co_return IoctlReply::of(Errno::srch);
  co_await mm.mmap_lock.write_lock();
  // A fault that holds a mapping has seen the old mode, and is on the queue when its lock is free.
  for (Vma* vma = mm.vmas.find_vma(VirtAddr{0}); vma; vma = mm.vmas.next(*vma)) {
    if (vma->state.read().ctx == &ctx) co_await vma_start_write(mm, *vma);
  }
  ctx.features.write((ctx.features.read() | request.enable) & ~request.disable);
  mm.mmap_write_unlock();
  // They try again, and find that nobody needs to be asked; whoever waits for something else asks anew.
  if (request.enable & abi::kFeatureRwpAsync) co_await wake_all_userfaults(ctx);
  co_await mmput(mm);
  co_return IoctlReply::of(Errno::none);
}

sim::Task<IoctlReply> no_set_mode(UserfaultfdCtx&, SetModeRequest) {
  co_await sim::point("userfaultfd_ioctl");
  co_return IoctlReply::of(Errno::inval);
}

}  // namespace model
