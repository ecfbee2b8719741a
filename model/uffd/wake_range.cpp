// SPDX-License-Identifier: Apache-2.0
// UFFDIO_WAKE.
#include "model/uffd/api.hpp"
#include "model/uffd/range.hpp"
#include "model/uffd/userfault.hpp"

namespace model {

sim::Task<IoctlReply> userfaultfd_wake(UserfaultfdCtx& ctx, RangeRequest request) {
  co_await sim::point("userfaultfd_wake");
  if (!ctx.initialized()) co_return IoctlReply::of(Errno::inval);
  if (request.argument == UserPointer::unreadable) co_return IoctlReply::of(Errno::fault);
  const Errno valid = validate_range(request.start, request.length);
  if (valid != Errno::none) co_return IoctlReply::of(valid);
  co_await wake_userfault(ctx, range_of(request.start, request.length));
  co_return IoctlReply::of(Errno::none);
}

}  // namespace model
