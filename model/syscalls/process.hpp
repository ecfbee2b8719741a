// SPDX-License-Identifier: Apache-2.0
// Process: an address space, descriptors, credentials, and the threads that share them.
#pragma once
#include "model/errno.hpp"
#include "model/mm/mm.hpp"
#include "model/mm/system.hpp"
#include "model/uffd/api.hpp"
#include "model/uffd/context.hpp"
#include "sim/slab.hpp"

namespace model {

// An open userfaultfd. Every system call that uses it holds a reference meanwhile; the last one releases the
// context, whoever drops it.
struct File {
  sim::Cell<std::uint32_t> refs;
  UserfaultfdCtx* ctx = nullptr;
};

struct Process {
  static constexpr int kMaxFds = 8;

  System system;
  Mm mm;
  sim::Slab<UserfaultfdCtx> contexts;
  sim::Slab<File> files;
  sim::Cell<File*> fds[kMaxFds];
  SysPtrace capability = SysPtrace::present;
  sim::Cell<bool> exiting;
  // Threads that have nothing more to do and stay in user mode until the process exits.
  sim::Cell<std::uint32_t> parked;
};

// A machine of `cpus` CPUs with one process, which has `threads` threads.
struct ProcessSetup {
  const Kernel* kernel = nullptr;
  std::uint32_t frames = 0;         // memory, in pages
  unsigned bits_per_level = 2;      // of the page tables
  int threads = 1;
  SysPtrace capability = SysPtrace::present;
};
Process& create_process(const ProcessSetup& setup);

// The lowest descriptor that is not open; EMFILE if there is none.
Result<int> get_unused_fd(const Process& process);
// The open file behind a descriptor with a reference taken, or null (EBADF).
File* fdget(Process& process, int fd);
// Drops it; the last reference releases the context.
sim::Task<void> fput(Process& process, File& file);

}  // namespace model

template <>
inline constexpr bool sim::dropped_with_its_world<model::Process> = true;
