// SPDX-License-Identifier: Apache-2.0
// Follows fs/userfaultfd.c: userfaultfd_api.
#include "model/uffd/api.hpp"

#include "model/kernels/kernel.hpp"

namespace model {

sim::Task<IoctlReply> userfaultfd_api(UserfaultfdCtx& ctx, ApiRequest request) {
  co_await sim::point("userfaultfd_api");
  if (request.argument == UserPointer::unreadable) co_return IoctlReply::of(Errno::fault);
  const std::uint64_t offered = ctx.mm->system->kernel->features;
  std::uint64_t features = request.features;
  // A failed handshake hands back zeros, not what would have been possible.
  if (request.api != UFFD_API) co_return IoctlReply::with(Errno::inval, 0);
  if ((features & UFFD_FEATURE_EVENT_FORK) && request.capability == SysPtrace::absent) {
    co_return IoctlReply::with(Errno::perm, 0);
  }
  if (features & abi::kFeatureWpAsync) features |= abi::kFeatureWpUnpopulated;
  if ((features & abi::kFeatureRwpAsync) && !(features & abi::kFeatureRwp)) {
    co_return IoctlReply::with(Errno::inval, 0);
  }
  if (features & ~offered) co_return IoctlReply::with(Errno::inval, 0);
  co_await sim::point("cmpxchg(ctx->features)");
  if (ctx.initialized()) co_return IoctlReply::with(Errno::inval, 0);
  ctx.features.write(features | abi::kFeatureInitialized);
  co_return IoctlReply::with(Errno::none, static_cast<std::int64_t>(offered));
}

}  // namespace model
