// SPDX-License-Identifier: Apache-2.0
// Uffd: a descriptor of a userfaultfd, as a number in the process of the thread that uses it. Every call does
// what the system call does, to whatever the number stands for by then. Errors: ioctl_userfaultfd(2).
//
// Modes, features, events and flags are those of <linux/userfaultfd.h>; what headers may be too old for is in
// uffdsim::abi.
#pragma once
#include <fcntl.h>
#include <poll.h>

#include <cstdint>

#include "model/uffd/abi.hpp"
#include "uffdsim/message.hpp"
#include "uffdsim/range.hpp"
#include "uffdsim/reply.hpp"
#include "uffdsim/task.hpp"

namespace uffdsim {

namespace abi = model::abi;

class Uffd {
 public:
  constexpr Uffd() = default;
  constexpr explicit Uffd(int fd) : fd_(fd) {}
  constexpr int fd() const { return fd_; }
  friend constexpr bool operator==(Uffd, Uffd) = default;

  // read(2) of one message. Sleeps while there is none; EAGAIN at once if the file is O_NONBLOCK. A fault
  // that came later than an event is read before it.
  sim::Task<Result<Message>> read() const;
  // poll(2) for POLLIN: POLLIN, POLLERR or POLLNVAL. Of a file without O_NONBLOCK: POLLERR.
  sim::Task<int> poll() const;
  // The same, without waiting; 0: nothing.
  sim::Task<int> poll_now() const;

  // The ioctls. `mode` as in the ABI: UFFDIO_COPY_MODE_DONTWAKE, …
  sim::Task<Reply> api(std::uint64_t features = 0) const;
  sim::Task<Reply> register_(Range range, std::uint64_t mode) const;
  sim::Task<Reply> unregister(Range range) const;
  sim::Task<Reply> copy(Range to, Letters letters, std::uint64_t mode = 0) const;
  sim::Task<Reply> copy_from(Range to, Range from, std::uint64_t mode = 0) const;  // from the caller's memory
  sim::Task<Reply> zeropage(Range to, std::uint64_t mode = 0) const;
  sim::Task<Reply> continue_(Range to, std::uint64_t mode = 0) const;
  sim::Task<Reply> poison(Range to, std::uint64_t mode = 0) const;
  sim::Task<Reply> move(Range to, Range from, std::uint64_t mode = 0) const;
  sim::Task<Reply> wake(Range range) const;
  sim::Task<Reply> writeprotect(Range range, std::uint64_t mode = UFFDIO_WRITEPROTECT_MODE_WP) const;

  sim::Task<Errno> close() const;
  sim::Task<Result<Uffd>> dup() const;
  sim::Task<Errno> set_flags(
      int flags) const;  // fcntl(F_SETFL): O_NONBLOCK or 0, for every descriptor of the file

 private:
  int fd_ = -1;
};

// userfaultfd(2). The handshake and the registrations are up to the caller.
sim::Task<Result<Uffd>> open_userfaultfd(int flags = O_CLOEXEC);

}  // namespace uffdsim
