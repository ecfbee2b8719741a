// SPDX-License-Identifier: Apache-2.0
#include "model/kernels/kernel.hpp"
#include "model/uffd/userfault.hpp"

namespace model {
namespace {

Message userfault_msg(const UserfaultfdCtx& ctx, const VmFault& vmf, Reason reason) {
  Message message{.event = UFFD_EVENT_PAGEFAULT};
  const bool huge = vmf.vma->is_vm_hugetlb_page();
  message.start = huge ? vmf.address.huge_page() : vmf.address.page();
  if (ctx.has_feature(UFFD_FEATURE_EXACT_ADDRESS)) message.start = vmf.address;
  if (vmf.access == Access::write) message.flags |= UFFD_PAGEFAULT_FLAG_WRITE;
  if (reason == Reason::wp) message.flags |= UFFD_PAGEFAULT_FLAG_WP;
  if (reason == Reason::rwp) message.flags |= abi::kPagefaultFlagRwp;
  if (reason == Reason::minor) message.flags |= UFFD_PAGEFAULT_FLAG_MINOR;
  if (ctx.has_feature(UFFD_FEATURE_THREAD_ID)) message.thread = sim::current.thread;
  return message;
}

sim::RwLock* hugetlb_vma_lock(const Vma& vma) {
  return vma.is_vm_hugetlb_page() ? &vma.state.read().hugetlb->lock : nullptr;
}

bool refuses(const UserfaultfdCtx& ctx, const VmFault& vmf) {
  if (ctx.has_feature(UFFD_FEATURE_SIGBUS)) return true;
  return vmf.mode == Mode::kernel && (ctx.flags & UFFD_USER_MODE_ONLY);
}

}  // namespace

bool userfaultfd_wp_async(const Vma& vma) {
  const UserfaultfdCtx* ctx = vma.state.read().ctx;
  return ctx && ctx->has_feature(abi::kFeatureWpAsync);
}

bool userfaultfd_rwp_async(const Vma& vma) {
  const UserfaultfdCtx* ctx = vma.state.read().ctx;
  return ctx && ctx->has_feature(abi::kFeatureRwpAsync);
}

sim::Task<VmFaultResult> handle_userfault(VmFault& vmf, Reason reason) {
  UserfaultfdCtx& ctx = *vmf.vma->state.read().ctx;
  if (refuses(ctx, vmf)) co_return VmFaultResult::sigbus;
  co_await sim::point("ctx->released");
  if (ctx.released.read()) {
    // The descriptor is being closed, and its release waits for the lock that we hold.
    release_fault_lock(vmf);
    co_return VmFaultResult::retry;
  }
  userfaultfd_ctx_get(ctx);
  Waiter waiter;
  waiter.message.write(userfault_msg(ctx, vmf, reason));

  // Keeps the page table until the recheck has walked it.
  sim::RwLock* vma_lock = hugetlb_vma_lock(*vmf.vma);
  if (vma_lock) co_await vma_lock->read_lock();
  co_await ctx.fault_pending_wqh.lock.lock();
  ctx.fault_pending_wqh.add(waiter);  // from here the monitor can read the fault
  sim::set_current_state(sim::RunState::sleeping);
  ctx.fault_pending_wqh.lock.unlock();
  sim::note("queues its fault");

  const bool must_wait = co_await vmf.mm->system->kernel->userfaultfd_must_wait(ctx, vmf, reason);
  if (vma_lock) vma_lock->read_unlock();
  release_fault_lock(vmf);
  co_await sim::point("ctx->released");
  if (must_wait && !ctx.released.read()) {
    co_await wake_up_poll(ctx);
    co_await sim::schedule("handle_userfault");
  }
  sim::set_current_state(sim::RunState::running);

  // Whoever woke us has taken us off the queue.
  co_await sim::point("list_empty_careful");
  if (waiter.on.read()) {
    co_await ctx.fault_pending_wqh.lock.lock();
    if (waiter.on.read()) waiter.on.read()->remove(waiter);  // whichever fault queue: this lock guards both
    ctx.fault_pending_wqh.lock.unlock();
  }
  userfaultfd_ctx_put(ctx);
  co_return VmFaultResult::retry;
}

sim::Task<bool> userfaultfd_must_wait(UserfaultfdCtx&, const VmFault& vmf, Reason reason) {
  co_await sim::point("userfaultfd_must_wait");
  const Pte pte = vmf.mm->page_tables.walk(vmf.address);
  if (pte.pte_none() || vmf.mm->system->kernel->is_uffd_marker(pte)) co_return true;
  if (!pte.pte_present()) co_return false;
  if (reason == Reason::rwp) co_return pte.pte_protnone() && pte.pte_uffd_wp() == UffdWp::set;
  co_return reason == Reason::wp && !pte.pte_write();
}

}  // namespace model
