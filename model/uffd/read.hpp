// SPDX-License-Identifier: Apache-2.0
// read(2) and poll(2) on a userfaultfd, and what /proc/PID/fdinfo tells of it.
#pragma once
#include <array>
#include <type_traits>

#include "model/errno.hpp"
#include "model/uffd/file.hpp"
#include "model/uffd/ioctl.hpp"

namespace model {

struct Process;  // who reads

// Gives the context a descriptor in the process. EMFILE. The one call upward of this folder.
Result<int> anon_inode_getfd(Process& process, UserfaultfdCtx& ctx);

// The caller's buffer.
struct ReadBuffer {
  Message* messages = nullptr;  // as many as there is room for; they lie in the arena
  std::uint64_t room = 0;       // bytes
  UserPointer pointer = UserPointer::readable;
  std::array<std::uint8_t, 7> padding{};  // named, so that a copy takes it along
};
static_assert(std::has_unique_object_representations_v<ReadBuffer>, "padding would tell equal worlds apart");
inline constexpr std::uint64_t kMessageBytes = sizeof(uffd_msg);

struct ReadReply {
  Errno error = Errno::none;
  std::array<std::uint8_t, 3> padding{};
  std::uint32_t count = 0;  // messages
};
static_assert(std::has_unique_object_representations_v<ReadReply>, "padding would tell equal worlds apart");

// As many messages as there are and fit: the oldest unread fault, else the oldest event; faults always
// outrank events. Sleeps while there is none, unless the file is O_NONBLOCK: EAGAIN; for the second and
// further ones it never waits. EINVAL before the handshake and where not even one fits, EFAULT where the
// buffer cannot be written (the message is lost), EINTR if killed. A FORK comes with a descriptor in the
// reader's process; if there is no room for one, EMFILE, and the event stays. What goes wrong after the first
// message is not told. Source: uffd-semantics §11.
sim::Task<ReadReply> userfaultfd_read(File& file, Process& reader, ReadBuffer buffer);

// Ready events: POLLIN, POLLERR, or 0. One look; sys_poll waits.
sim::Task<std::uint8_t> userfaultfd_poll(const File& file);

struct FdInfo {
  std::uint32_t pending = 0;  // unread faults
  std::uint32_t total = 0;    // unread, and read but unresolved
};
sim::Task<FdInfo> userfaultfd_show_fdinfo(UserfaultfdCtx& ctx);

}  // namespace model
