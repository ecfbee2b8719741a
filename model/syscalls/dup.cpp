// SPDX-License-Identifier: Apache-2.0
#include "model/syscalls/syscalls.hpp"

namespace model {

sim::Task<Result<int>> sys_dup(Process& process, int fd) {
  co_await sim::point("fdget");
  File* file = fdget(process, fd);
  if (!file) co_return tl::unexpected(Errno::badf);
  const Result<int> copy = get_unused_fd(process);
  if (copy) {
    process.fds[*copy].write(file);  // with the reference
    co_return copy;
  }
  co_await fput(process, *file);
  co_return tl::unexpected(Errno::mfile);
}

sim::Task<Errno> sys_fcntl_setfl(Process& process, int fd, std::uint64_t flags) {
  co_await sim::point("fdget");
  File* file = fdget(process, fd);
  if (!file) co_return Errno::badf;
  const std::uint32_t others = file->f_flags.read() & ~std::uint32_t{O_NONBLOCK};
  file->f_flags.write(others | static_cast<std::uint32_t>(flags & O_NONBLOCK));
  co_await fput(process, *file);
  co_return Errno::none;
}

}  // namespace model
