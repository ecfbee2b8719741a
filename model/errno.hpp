// SPDX-License-Identifier: Apache-2.0
// The error numbers of the ABI, by name. Source: errno(3); the values are Linux's on x86-64.
#pragma once
#include <array>
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

// What an operation that yields a T returns: the T, or why there is none. Used as a tl::expected<T, Errno>,
// which would not do: coroutines copy it from frame to frame, with bytes that nobody wrote, and worlds are
// compared by their bytes.
template <class T>
class Result {
 public:
  constexpr Result() = default;
  constexpr Result(T value) : value_(value) {}
  constexpr Result(tl::unexpected<Errno> why) : error_(why.value()) {}

  constexpr explicit operator bool() const { return error_ == Errno::none; }
  constexpr bool has_value() const { return error_ == Errno::none; }
  constexpr const T& operator*() const { return value_; }
  constexpr const T* operator->() const { return &value_; }
  constexpr const T& value() const { return value_; }
  constexpr Errno error() const { return error_; }

 private:
  T value_{};
  Errno error_ = Errno::none;
  std::array<std::uint8_t, alignof(T) - sizeof(Errno)> padding_{};
};
inline auto error(Errno e) { return tl::unexpected(e); }

// "ok" for Errno::none, else the name a person knows: "EAGAIN".
const char* to_text(Errno e);

}  // namespace model
