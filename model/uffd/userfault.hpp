// SPDX-License-Identifier: Apache-2.0
// From a fault to a sleeping thread, and back.
#pragma once
#include "model/fault/fault.hpp"
#include "model/uffd/context.hpp"

namespace model {

// Turns the fault into a message and sleeps until somebody may have resolved it. Called with the fault lock
// held; releases it unless the result is sigbus. Never returns `done`: the access is made again.
// Source: fs/userfaultfd.c: handle_userfault; uffd-semantics §9.
sim::Task<VmFaultResult> handle_userfault(VmFault& vmf, Reason reason);

// Looks again, without a lock, whether the page is still missing, still not writable (the right to write is
// what is asked for, not the uffd-wp bit), or still protected by RWP. Called with the fault lock held, the
// thread queued and its state set to sleeping: whoever resolves the fault from here on finds it on the queue.
sim::Task<bool> userfaultfd_must_wait(UserfaultfdCtx& ctx, const VmFault& vmf, Reason reason);

// Whether the mapping's context has WP_ASYNC.
bool userfaultfd_wp_async(const Vma& vma);

// Whether it has RWP_ASYNC. Stays so for as long as the mapping, or mmap_lock, is locked.
bool userfaultfd_rwp_async(const Vma& vma);

// Wakes every thread whose fault lies in the range, read or not. Looks at neither VMAs nor pages.
sim::Task<void> wake_userfault(UserfaultfdCtx& ctx, AddrRange range);

// Wakes every thread that has a fault there, without asking first whether there is one.
sim::Task<void> wake_all_userfaults(UserfaultfdCtx& ctx);

// Whether anybody waits, asked without locks: true if in doubt.
sim::Task<bool> userfault_waiters(UserfaultfdCtx& ctx);

// Wakes all readers and pollers. Takes and releases fd_wqh.lock.
sim::Task<void> wake_up_poll(UserfaultfdCtx& ctx);

}  // namespace model
