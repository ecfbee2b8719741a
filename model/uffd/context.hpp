// SPDX-License-Identifier: Apache-2.0
// UserfaultfdCtx: what a userfaultfd descriptor stands for (userfaultfd_ctx).
//
// Life of a fault: the faulting thread queues itself on `fault_pending_wqh`, looks once more whether it must
// wait, and sleeps; read() moves it to `fault_wqh`; COPY, ZEROPAGE, WAKE, UNREGISTER or close() wake it from
// either queue; it tries the access again.
// Life of an event: the thread that changes the layout raises `mmap_changing`, queues itself on `event_wqh`
// and sleeps; read() completes the event; the thread lowers `mmap_changing` when it runs again, not before.
#pragma once
#include <cstdint>

#include "model/mm/mm.hpp"
#include "model/uffd/wait_queue.hpp"
#include "sim/slab.hpp"

namespace model {

struct UserfaultfdCtx {
  // Nesting: fd → pending → fault, and fd → event.
  WaitQueue fault_pending_wqh{locks::kPendingQueue};  // faults nobody has read
  WaitQueue fault_wqh{locks::kFaultQueue};            // faults read and not resolved
  WaitQueue event_wqh{locks::kEventQueue};            // events nobody has read
  WaitQueue fd_wqh{locks::kFdQueue};                  // threads in read() and poll()
  // FORK events that readers have taken off event_wqh, while they install the descriptor. Under
  // event_wqh.lock. Linux keeps them on the readers' stacks.
  List<Waiter, &Waiter::link> forks_in_hand;

  // Written under fault_pending_wqh.lock while a waiter is between the two fault queues, so that a waker who
  // looks without a lock can tell that it may have missed one (a seqcount in Linux).
  // Simplified: the count is kept as "which wakers saw it move", so that it does not grow.
  struct RefileSeq {
    bool writing = false;
    std::uint8_t looking = 0;  // a bit a thread: between begin and retry
    std::uint8_t changed = 0;  // a bit a thread: moved since its begin
  };
  sim::Cell<RefileSeq> refile_seq;

  sim::Cell<std::uint64_t> features;  // 0 until the handshake
  std::uint32_t flags = 0;            // of userfaultfd(2): O_CLOEXEC | O_NONBLOCK | UFFD_USER_MODE_ONLY
  sim::Cell<bool> released;
  sim::RwLock map_changing_lock{locks::kMapChanging};
  sim::Cell<std::uint32_t> mmap_changing;
  sim::Cell<std::uint32_t> refcount;  // the file, and every waiter
  Mm* mm = nullptr;
  sim::Slab<UserfaultfdCtx>* cache = nullptr;  // where it is freed to

  bool initialized() const { return features.read() & abi::kFeatureInitialized; }
  bool has_feature(std::uint64_t feature) const { return features.read() & feature; }
};

inline void userfaultfd_ctx_get(UserfaultfdCtx& ctx) { ctx.refcount.write(ctx.refcount.read() + 1); }
// The last reference frees the context.
void userfaultfd_ctx_put(UserfaultfdCtx& ctx);

}  // namespace model

template <>
inline constexpr bool sim::dropped_with_its_world<model::UserfaultfdCtx> = true;
