// SPDX-License-Identifier: Apache-2.0
// Follows fs/userfaultfd.c: dup_userfaultfd, dup_userfaultfd_complete and userfaultfd_release_new.
#include "model/kernels/kernel.hpp"
#include "model/uffd/event.hpp"

namespace model {
namespace {

void userfaultfd_reset_ctx(Vma& vma) {
  Vma::State& state = vma.state.modify();
  state.ctx = nullptr;
  state.flags = static_cast<VmFlagBits>(state.flags & ~kUffdModes);
}

// The child's: with the parent's flags and features, and its handshake done.
UserfaultfdCtx& dup_context(const UserfaultfdCtx& parent, Mm& mm) {
  UserfaultfdCtx* ctx = parent.cache->allocate();
  ctx->flags = parent.flags;
  ctx->features.write(parent.features.read());
  ctx->mm = &mm;
  ctx->cache = parent.cache;
  ctx->refcount.write(1);
  return *ctx;
}

// Nobody has the descriptor of the child's context, and nobody will.
sim::Task<void> userfaultfd_release_new(UserfaultfdCtx& ctx) {
  Mm& mm = *ctx.mm;
  co_await mm.mmap_lock.write_lock();
  mm.vmas.for_each([&](Vma& vma) {
    if (vma.state.read().ctx == &ctx) userfaultfd_reset_ctx(vma);
  });
  mm.mmap_write_unlock();
  userfaultfd_ctx_put(ctx);
}

}  // namespace

sim::Task<void> PendingForks::dup(Vma& child) {
  UserfaultfdCtx* parent = child.state.read().ctx;
  if (!parent) co_return;
  if (!parent->has_feature(UFFD_FEATURE_EVENT_FORK)) {
    userfaultfd_reset_ctx(child);
    co_return;
  }
  int i = 0;
  while (i < count_ && forks_[i].parent != parent) ++i;
  if (i == count_) {
    SIM_ASSERT(count_ < kMost);
    forks_[count_++] = {parent, &dup_context(*parent, *child.vm_mm)};
    userfaultfd_ctx_get(*parent);
    co_await parent->mm->system->kernel->mmap_changing_begin(*parent);
  }
  child.state.modify().ctx = forks_[i].child;
}

sim::Task<void> PendingForks::complete() {
  for (int i = 0; i < count_; ++i) {
    const Message event{.event = UFFD_EVENT_FORK, .forked = forks_[i].child};
    const EventEnd end = co_await userfaultfd_event_wait_completion(*forks_[i].parent, event);
    if (end == EventEnd::withdrawn) co_await userfaultfd_release_new(*forks_[i].child);
  }
  count_ = 0;
}

}  // namespace model
