// SPDX-License-Identifier: Apache-2.0
#include "model/syscalls/process.hpp"

#include <bit>

#include "model/syscalls/syscalls.hpp"

namespace model {
namespace {

template <class T>
T* make_array(std::size_t count) {
  auto* array = static_cast<T*>(sim::current.arena->allocate(count * sizeof(T), alignof(T)));
  for (std::size_t i = 0; i < count; ++i) new (array + i) T;
  return array;
}

}  // namespace

Machine& create_machine(const MachineSetup& setup) {
  auto* machine = sim::current.arena->make<Machine>();
  System& system = machine->system;
  system.kernel = setup.kernel;
  system.memory.boot(setup.frames, setup.huge_pages);
  machine->processes = make_array<Process>(setup.processes.size());
  machine->process_count = static_cast<int>(setup.processes.size());
  machine->unprivileged_userfaultfd = setup.unprivileged_userfaultfd;
  machine->epolls = make_array<EventPoll>(setup.epolls);
  machine->epoll_count = static_cast<int>(setup.epolls);
  machine->sockets = make_array<UnixSocket>(setup.sockets);
  machine->socket_count = static_cast<int>(setup.sockets);
  int cpus = 0;
  for (std::size_t i = 0; i < setup.processes.size(); ++i) {
    Process& process = machine->processes[i];
    process.machine = machine;
    process.threads = setup.processes[i];
    process.capability = setup.capability;
    process.device = setup.device;
    process.mm.system = &system;
    process.mm.cpus = setup.processes[i];
    process.mm.page_tables.boot(setup.bits_per_level,
                                setup.leaf_bits != 0 ? setup.leaf_bits : setup.bits_per_level);
    cpus = std::max(cpus, static_cast<int>(std::bit_width(setup.processes[i])));
  }
  const auto threads = static_cast<std::uint32_t>(std::popcount(setup.processes[0]));
  machine->processes[0].mm.users.write(threads);
  machine->processes[0].live.write(threads);
  system.tlbs = make_array<Tlb>(static_cast<std::size_t>(cpus));
  return *machine;
}

Result<int> get_unused_fd(const Process& process) {
  for (int fd = 0; fd < Process::kMaxFds; ++fd) {
    if (!process.fds[fd].read()) return fd;
  }
  return tl::unexpected(Errno::mfile);
}

File* fdget(Process& process, int fd) {
  if (fd < 0 || fd >= Process::kMaxFds) return nullptr;
  File* file = process.fds[fd].read();
  if (file) file->refs.write(file->refs.read() + 1);
  return file;
}

sim::Task<void> fput(Process& process, File& file) {
  file.refs.write(file.refs.read() - 1);
  if (file.refs.read() > 0) co_return;
  Machine& machine = *process.machine;
  if (machine.epoll_count > 0) co_await eventpoll_release(machine, file);
  UserfaultfdCtx& ctx = *file.ctx;
  machine.files.release(&file);
  co_await userfaultfd_release(ctx);
}

}  // namespace model
