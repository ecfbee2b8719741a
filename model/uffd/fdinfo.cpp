// SPDX-License-Identifier: Apache-2.0
// Follows fs/userfaultfd.c: userfaultfd_show_fdinfo.
#include "model/uffd/read.hpp"

namespace model {

sim::Task<FdInfo> userfaultfd_show_fdinfo(UserfaultfdCtx& ctx) {
  co_await ctx.fault_pending_wqh.lock.lock();
  const auto pending = static_cast<std::uint32_t>(ctx.fault_pending_wqh.length());
  const auto read = static_cast<std::uint32_t>(ctx.fault_wqh.length());
  ctx.fault_pending_wqh.lock.unlock();
  co_return FdInfo{pending, pending + read};
}

}  // namespace model
