// SPDX-License-Identifier: Apache-2.0
// Follows net/unix/af_unix.c: unix_dgram_sendmsg and unix_dgram_recvmsg; net/core/scm.c: scm_fp_copy and
// scm_detach_fds.
#include "model/syscalls/syscalls.hpp"

namespace model {
namespace {

bool killed(sim::ThreadId thread) { return sim::current.world->thread(thread).fatal_signal; }

bool has_room(const void* object, sim::ThreadId thread) {
  const auto& socket = *static_cast<const UnixSocket*>(object);
  return socket.in_flight.peek().count < UnixSocket::kMostInFlight || killed(thread);
}

bool has_file(const void* object, sim::ThreadId thread) {
  return static_cast<const UnixSocket*>(object)->in_flight.peek().count > 0 || killed(thread);
}

File& take_first(UnixSocket& socket) {
  UnixSocket::InFlight& queue = socket.in_flight.modify();
  File& first = *queue.files[0];
  for (std::uint8_t i = 1; i < queue.count; ++i) queue.files[i - 1u] = queue.files[i];
  --queue.count;
  queue.files[queue.count] = nullptr;
  return first;
}

}  // namespace

sim::Task<Errno> sys_send_fd(Process& process, UnixSocket& socket, int fd) {
  co_await sim::point("fdget");
  File* file = fdget(process, fd);
  if (!file) co_return Errno::badf;
  co_await sim::PointWhen{has_room, &socket, "sendmsg"};
  if (sim::current_thread().fatal_signal) {
    co_await fput(process, *file);
    co_return Errno::intr;
  }
  UnixSocket::InFlight& queue = socket.in_flight.modify();
  queue.files[queue.count] = file;  // with the reference
  ++queue.count;
  co_return Errno::none;
}

sim::Task<Result<int>> sys_receive_fd(Process& process, UnixSocket& socket) {
  co_await sim::PointWhen{has_file, &socket, "recvmsg"};
  if (sim::current_thread().fatal_signal) co_return tl::unexpected(Errno::intr);
  File& file = take_first(socket);
  co_await sim::point("receive_fd");
  const Result<int> fd = get_unused_fd(process);
  if (fd) {
    process.fds[*fd].write(&file);
    co_return fd;
  }
  co_await fput(process, file);
  co_return tl::unexpected(Errno::mfile);
}

sim::Task<void> close_socket(Process& process, UnixSocket& socket) {
  while (socket.in_flight.read().count > 0) {
    File& file = take_first(socket);
    co_await fput(process, file);
  }
}

}  // namespace model
