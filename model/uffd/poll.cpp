// SPDX-License-Identifier: Apache-2.0
// Follows fs/userfaultfd.c: userfaultfd_poll.
#include <poll.h>

#include "model/uffd/read.hpp"

namespace model {

sim::Task<std::uint8_t> userfaultfd_poll(const File& file) {
  co_await sim::point("userfaultfd_poll");
  const UserfaultfdCtx& ctx = *file.ctx;
  // A blocking descriptor cannot be polled: a read after POLLIN might still sleep.
  if (!ctx.initialized() || !file.nonblock()) co_return std::uint8_t{POLLERR};
  if (ctx.fault_pending_wqh.active()) co_return std::uint8_t{POLLIN};
  co_await sim::point("waitqueue_active(event_wqh)");
  if (ctx.event_wqh.active()) co_return std::uint8_t{POLLIN};
  co_return std::uint8_t{0};
}

}  // namespace model
