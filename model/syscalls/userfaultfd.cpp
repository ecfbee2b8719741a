// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>

#include "model/syscalls/syscalls.hpp"

namespace model {

sim::Task<Errno> sys_userfaultfd(Process& process, int fd, std::uint64_t flags) {
  co_await sim::point("userfaultfd");
  // Simplified: vm.unprivileged_userfaultfd is 0, its default since Linux 5.11.
  const bool allowed = (flags & UFFD_USER_MODE_ONLY) || process.capability == SysPtrace::present;
  if (!allowed) co_return Errno::perm;
  constexpr std::uint64_t kKnown = O_CLOEXEC | O_NONBLOCK | UFFD_USER_MODE_ONLY;
  if (flags & ~kKnown) co_return Errno::inval;
  UserfaultfdCtx* ctx = process.contexts.allocate();
  ctx->flags = static_cast<std::uint32_t>(flags);
  ctx->mm = &process.mm;
  ctx->cache = &process.contexts;
  ctx->refcount.write(1);
  File* file = process.files.allocate();
  file->ctx = ctx;
  file->refs.write(1);
  process.fds[fd].write(file);
  co_return Errno::none;
}

sim::Task<Errno> sys_close(Process& process, int fd) {
  co_await sim::point("close");
  File* file = process.fds[fd].read();
  if (!file) co_return Errno::badf;
  process.fds[fd].write(nullptr);
  co_await fput(process, *file);
  co_return Errno::none;
}

}  // namespace model
