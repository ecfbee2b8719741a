// SPDX-License-Identifier: Apache-2.0
// Follows kernel/exit.c: do_group_exit and do_exit.
#include "model/mm/shmem.hpp"
#include "model/syscalls/syscalls.hpp"

namespace model {
namespace {

bool anybody_lives(Machine& machine) {
  for (Process& process : machine.all()) {
    if (process.live.read() > 0) return true;
  }
  return false;
}

sim::Task<void> exit_files(Process& process) {
  for (sim::Cell<File*>& fd : process.fds) {
    File* file = fd.read();
    if (!file) continue;
    fd.write(nullptr);
    co_await fput(process, *file);
  }
  for (sim::Cell<Inode*>& memfd : process.memfds) {
    Inode* inode = memfd.read();
    if (!inode) continue;
    memfd.write(nullptr);
    iput(*process.mm.system, *inode);
  }
  Machine& machine = *process.machine;
  if (machine.socket_count == 0) co_return;
  co_await sim::point("unix_release");
  if (anybody_lives(machine)) co_return;
  for (UnixSocket& socket : machine.all_sockets()) co_await close_socket(process, socket);
}

}  // namespace

sim::Task<void> sys_exit_group(Process& process) {
  co_await sim::point("exit_group");
  if (process.exiting.read()) co_return;
  process.exiting.write(true);
  const std::uint32_t parked = process.parked.read();  // they die at once
  process.mm.users.write(process.mm.users.read() - parked);
  process.live.write(process.live.read() - parked);
  for (int id = 0; id < sim::current.world->thread_count(); ++id) {
    if (!(process.threads >> id & 1)) continue;
    sim::Thread& thread = sim::current.world->thread(static_cast<sim::ThreadId>(id));
    sim::touch(&thread.state, sizeof thread.state, sim::Access::write);
    thread.fatal_signal = true;
  }
}

sim::Task<void> do_exit(Process& process) {
  co_await sim::point("do_exit");
  co_await mmput(process.mm);
  process.live.write(process.live.read() - 1);
  if (process.live.read() == 0) co_await exit_files(process);
}

}  // namespace model
