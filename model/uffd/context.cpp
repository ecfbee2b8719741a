// SPDX-License-Identifier: Apache-2.0
#include "model/uffd/context.hpp"

namespace model {

void userfaultfd_ctx_put(UserfaultfdCtx& ctx) {
  SIM_ASSERT(ctx.refcount.read() > 0);
  ctx.refcount.write(ctx.refcount.read() - 1);
  if (ctx.refcount.read() > 0) return;
  SIM_ASSERT(!ctx.fault_pending_wqh.active() && !ctx.fault_wqh.active());
  SIM_ASSERT(!ctx.event_wqh.active() && !ctx.fd_wqh.active());
  ctx.cache->release(&ctx);
}

}  // namespace model
