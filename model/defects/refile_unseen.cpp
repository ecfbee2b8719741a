// SPDX-License-Identifier: Apache-2.0
// Until 2c5b7e1be74f (4.3) a waker asked both fault queues whether anybody waits, and nothing told it that a
// waiter was just being moved from the one to the other.
//
//   1. faulter: sleeps on fault_pending_wqh
//   2. reader: read() takes the faulter off fault_pending_wqh
//   3. resolver: COPY fills the page, finds both queues empty, and wakes nobody
//   4. reader: puts the faulter on fault_wqh; it sleeps for ever
//
// Shown by scenarios/litmus/missing/two-monitors.litmus.
#include "model/defects/defect.hpp"
#include "model/uffd/context.hpp"

namespace model {
namespace {

sim::Task<bool> two_looks(UserfaultfdCtx& ctx) {
  co_await sim::point("waitqueue_active(fault_pending_wqh)");
  const bool pending = ctx.fault_pending_wqh.active();
  co_await sim::point("waitqueue_active(fault_wqh)");
  co_return pending || ctx.fault_wqh.active();
}

}  // namespace

constinit const Defect refile_unseen{
    "refile-unseen", "a waker misses a waiter that read() is moving between the queues (4.3, 2c5b7e1be74f)",
    [](Kernel& kernel) { kernel.userfault_waiters = two_looks; }};

}  // namespace model
