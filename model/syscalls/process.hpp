// SPDX-License-Identifier: Apache-2.0
// Process: an address space, descriptors, credentials, and the threads that share them. Machine: what all
// processes share, and the processes.
#pragma once
#include <span>
#include <vector>

#include "model/errno.hpp"
#include "model/mm/mm.hpp"
#include "model/mm/system.hpp"
#include "model/syscalls/unix_socket.hpp"
#include "model/uffd/api.hpp"
#include "model/uffd/eventpoll.hpp"
#include "model/uffd/file.hpp"
#include "sim/slab.hpp"

namespace model {

struct Machine;

// Whether the process may open /dev/userfaultfd: a matter of its user, not of its capabilities.
enum class DeviceAccess : std::uint8_t { granted, refused };
// vm.unprivileged_userfaultfd
enum class UnprivilegedUffd : std::uint8_t { refused, allowed };

struct Process {
  static constexpr int kMaxFds = 16;

  Machine* machine = nullptr;
  Mm mm;
  std::uint8_t threads = 0;  // a bit a thread of the world
  sim::Cell<File*> fds[kMaxFds];
  // Its memfds, by the numbers that the program gives them. Simplified: they stand beside the table of
  // descriptors, and are closed by the end of the process.
  static constexpr int kMaxMemfds = 4;
  sim::Cell<Inode*> memfds[kMaxMemfds];
  SysPtrace capability = SysPtrace::present;
  DeviceAccess device = DeviceAccess::granted;
  sim::Cell<bool> exiting;
  sim::Cell<std::uint32_t> live;  // threads that have not exited
  // Threads that have nothing more to do and stay in user mode until the process exits.
  sim::Cell<std::uint32_t> parked;
};

struct Machine {
  System system;
  sim::Slab<UserfaultfdCtx> contexts;
  sim::Slab<File> files;
  sim::Slab<EpollItem> epoll_items;
  UnprivilegedUffd unprivileged_userfaultfd = UnprivilegedUffd::refused;
  // Made before the program begins; every process has them.
  EventPoll* epolls = nullptr;
  int epoll_count = 0;
  UnixSocket* sockets = nullptr;
  int socket_count = 0;
  // The first one runs from the beginning; the others are where fork(2) puts a child.
  Process* processes = nullptr;
  int process_count = 0;

  std::span<Process> all() { return {processes, static_cast<std::size_t>(process_count)}; }
  std::span<EventPoll> all_epolls() { return {epolls, static_cast<std::size_t>(epoll_count)}; }
  std::span<UnixSocket> all_sockets() { return {sockets, static_cast<std::size_t>(socket_count)}; }
};

// A machine with a CPU for every thread of the world.
struct MachineSetup {
  const Kernel* kernel = nullptr;
  std::uint32_t frames = 0;      // memory, in pages
  unsigned bits_per_level = 2;   // of the page tables
  unsigned leaf_bits = 0;        // of their leaf tables; 0: as many. 9 where there are huge pages
  std::uint32_t huge_pages = 0;  // in the pool
  SysPtrace capability = SysPtrace::present;
  DeviceAccess device = DeviceAccess::granted;
  UnprivilegedUffd unprivileged_userfaultfd = UnprivilegedUffd::refused;
  std::size_t epolls = 0;
  std::size_t sockets = 0;
  std::vector<std::uint8_t> processes = {1};  // of each, its threads: a bit a thread of the world
};
Machine& create_machine(const MachineSetup& setup);

// The lowest descriptor that is not open; EMFILE if there is none.
Result<int> get_unused_fd(const Process& process);
// The open file behind a descriptor with a reference taken, or null (EBADF).
File* fdget(Process& process, int fd);
// Drops it; the last reference releases the context.
sim::Task<void> fput(Process& process, File& file);

}  // namespace model

template <>
inline constexpr bool sim::dropped_with_its_world<model::Process> = true;
template <>
inline constexpr bool sim::dropped_with_its_world<model::Machine> = true;
