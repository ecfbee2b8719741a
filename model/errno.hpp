// SPDX-License-Identifier: Apache-2.0
// The error numbers of the ABI, by name. Source: errno(3); the values are Linux's on x86-64.
#pragma once
#include <cerrno>
#include <cstdint>
#include <tl/expected.hpp>

namespace model {

enum class Errno : std::uint8_t {
  none = 0,
  perm = EPERM,
  noent = ENOENT,
  srch = ESRCH,
  intr = EINTR,
  io = EIO,
  badf = EBADF,
  again = EAGAIN,
  nomem = ENOMEM,
  acces = EACCES,
  fault = EFAULT,
  busy = EBUSY,
  exist = EEXIST,
  inval = EINVAL,
  mfile = EMFILE,
  notty = ENOTTY,
  nosys = ENOSYS,
  hwpoison = EHWPOISON,
  nomsg = ENOMSG,
};

// What an operation that yields a T returns: the T, or why there is none.
template <class T>
using Result = tl::expected<T, Errno>;
inline auto error(Errno e) { return tl::unexpected(e); }

// "ok" for Errno::none, else the name a person knows: "EAGAIN".
const char* to_text(Errno e);

}  // namespace model
