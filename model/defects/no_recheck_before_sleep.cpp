// SPDX-License-Identifier: Apache-2.0
// Until 8d2afd96c203 (4.3) handle_userfault slept without looking at the page table again.
//
//   1. faulter: finds the page missing, releases the pte lock
//   2. monitor: COPY fills the page; nobody is queued, so nobody is woken
//   3. faulter: queues its fault and sleeps, for a page that is there
//
// Shown by scenarios/litmus/missing/missing-copy.litmus.
#include "model/defects/defect.hpp"

namespace model {
namespace {

sim::Task<bool> always_wait(UserfaultfdCtx&, const VmFault&, Reason) { co_return true; }

}  // namespace

constinit const Defect no_recheck_before_sleep{
    "no-recheck-before-sleep", "a fault is not looked at again after it has been queued (4.3, 8d2afd96c203)",
    [](Kernel& kernel) { kernel.userfaultfd_must_wait = always_wait; }};

}  // namespace model
