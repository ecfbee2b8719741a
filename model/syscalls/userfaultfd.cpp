// SPDX-License-Identifier: Apache-2.0
#include "model/syscalls/syscalls.hpp"
#include "model/uffd/read.hpp"

namespace model {

namespace {

// The right to a descriptor through this door; for the system call asked before the flags are looked at.
Errno may_create(const Process& process, std::uint64_t flags, Door door) {
  if (door == Door::device) {
    return process.device == DeviceAccess::granted ? Errno::none : Errno::acces;
  }
  const bool allowed = (flags & UFFD_USER_MODE_ONLY) || process.capability == SysPtrace::present ||
                       process.machine->unprivileged_userfaultfd == UnprivilegedUffd::allowed;
  return allowed ? Errno::none : Errno::perm;
}

}  // namespace

sim::Task<Result<int>> sys_userfaultfd(Process& process, std::uint64_t flags, Door door) {
  co_await sim::point("userfaultfd");
  const Errno refused = may_create(process, flags, door);
  if (refused != Errno::none) co_return tl::unexpected(refused);
  constexpr std::uint64_t kKnown = O_CLOEXEC | O_NONBLOCK | UFFD_USER_MODE_ONLY;
  if (flags & ~kKnown) co_return tl::unexpected(Errno::inval);
  if (!get_unused_fd(process)) co_return tl::unexpected(Errno::mfile);
  UserfaultfdCtx* ctx = process.machine->contexts.allocate();
  ctx->flags = static_cast<std::uint32_t>(flags);
  ctx->mm = &process.mm;
  ctx->cache = &process.machine->contexts;
  ctx->refcount.write(1);
  const Result<int> fd = anon_inode_getfd(process, *ctx);
  co_return fd;
}

Result<int> anon_inode_getfd(Process& process, UserfaultfdCtx& ctx) {
  const Result<int> fd = get_unused_fd(process);
  if (!fd) return fd;
  File* file = process.machine->files.allocate();
  file->ctx = &ctx;
  file->f_flags.write(ctx.flags);
  file->refs.write(1);
  process.fds[*fd].write(file);
  return fd;
}

sim::Task<Errno> sys_close(Process& process, int fd) {
  co_await sim::point("close");
  const bool in_table = fd >= 0 && fd < Process::kMaxFds;
  File* file = in_table ? process.fds[fd].read() : nullptr;
  if (!file) co_return Errno::badf;
  process.fds[fd].write(nullptr);
  co_await fput(process, *file);
  co_return Errno::none;
}

}  // namespace model
