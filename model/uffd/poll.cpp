// SPDX-License-Identifier: Apache-2.0
// Follows fs/userfaultfd.c: userfaultfd_poll.
#include <fcntl.h>
#include <poll.h>

#include "model/uffd/read.hpp"

namespace model {

sim::Task<std::uint8_t> userfaultfd_poll(UserfaultfdCtx& ctx) {
  co_await sim::point("userfaultfd_poll");
  // A blocking descriptor cannot be polled: a read after POLLIN might still sleep.
  if (!ctx.initialized() || !(ctx.flags & O_NONBLOCK)) co_return std::uint8_t{POLLERR};
  if (ctx.fault_pending_wqh.active()) co_return std::uint8_t{POLLIN};
  co_await sim::point("waitqueue_active(event_wqh)");
  if (ctx.event_wqh.active()) co_return std::uint8_t{POLLIN};
  co_return std::uint8_t{0};
}

}  // namespace model
