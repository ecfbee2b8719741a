// SPDX-License-Identifier: Apache-2.0
#include "model/syscalls/process.hpp"

namespace model {

Process& create_process(const ProcessSetup& setup) {
  sim::Arena& arena = *sim::current.arena;
  auto* process = arena.make<Process>();
  System& system = process->system;
  system.kernel = setup.kernel;
  system.memory.boot(setup.frames);
  system.cpus = setup.threads;
  const auto cpus = static_cast<std::size_t>(setup.threads);
  system.tlbs = static_cast<Tlb*>(arena.allocate(cpus * sizeof(Tlb), alignof(Tlb)));
  for (std::size_t cpu = 0; cpu < cpus; ++cpu) new (system.tlbs + cpu) Tlb;
  process->mm.system = &system;
  process->mm.page_tables.boot(setup.bits_per_level);
  process->mm.users.write(static_cast<std::uint32_t>(setup.threads));
  process->capability = setup.capability;
  return *process;
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
  UserfaultfdCtx& ctx = *file.ctx;
  process.files.release(&file);
  co_await userfaultfd_release(ctx);
}

}  // namespace model
