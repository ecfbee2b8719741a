// SPDX-License-Identifier: Apache-2.0
// Calls that duplicate descriptors, hand them on and wait for them, on the running kernel.
#pragma once
#include "traces/kernel/board.hpp"
#include "traces/kernel/call.hpp"

namespace traces {

Value call_dup(const Call& call, Descriptors& descriptors);
Value call_setfl(const Call& call, int descriptor);
Value call_epoll_add(const Call& call, int descriptor);
Value call_epoll_del(const Call& call, int descriptor);
Value call_epoll_wait(const Call& call);
Value call_send(const Call& call, int descriptor);
Value call_receive(const Call& call, Descriptors& descriptors);

}  // namespace traces
