// SPDX-License-Identifier: Apache-2.0
// read(2) and poll(2) on a userfaultfd, and what /proc/PID/fdinfo tells of it.
#pragma once
#include "model/errno.hpp"
#include "model/uffd/context.hpp"

namespace model {

struct Process;  // who reads

// Gives the context a descriptor in the process. EMFILE. The one call upward of this folder.
Result<int> anon_inode_getfd(Process& process, UserfaultfdCtx& ctx);

struct ReadReply {
  Errno error = Errno::none;
  Message message{};
};

// One message: the oldest unread fault, else the oldest event; faults always outrank events. Sleeps while
// there is none, unless the descriptor is O_NONBLOCK: EAGAIN. EINVAL before the handshake, EINTR if killed. A
// FORK comes with a descriptor in the reader's process; if there is no room for one, EMFILE, and the event
// stays. Source: uffd-semantics §11.
//
// Simplified: one message a call.
sim::Task<ReadReply> userfaultfd_read(UserfaultfdCtx& ctx, Process& reader);

// Ready events: POLLIN, POLLERR, or 0. One look; sys_poll waits.
sim::Task<std::uint8_t> userfaultfd_poll(UserfaultfdCtx& ctx);

struct FdInfo {
  std::uint32_t pending = 0;  // unread faults
  std::uint32_t total = 0;    // unread, and read but unresolved
};
sim::Task<FdInfo> userfaultfd_show_fdinfo(UserfaultfdCtx& ctx);

}  // namespace model
