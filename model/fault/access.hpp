// SPDX-License-Identifier: Apache-2.0
// Touching memory: a CPU's load or store through its TLB, and the page faults it takes until it succeeds or
// is refused.
#pragma once
#include "model/fault/fault.hpp"

namespace model {

struct Touched {
  enum class How : std::uint8_t {
    done,
    sigbus,   // user: SIGBUS; the kernel's own touch: EFAULT
    sigsegv,  // user: SIGSEGV; the kernel's own touch: EFAULT
    killed,   // the thread was killed while it slept
  };
  How how = How::done;
  char content = 0;  // a read: what was there
};

// Reads, or writes `content` into, the page of `address`, as often as it takes. Mode::kernel is copy_from_user
// and copy_to_user: the kernel touches the caller's memory, and its faults take mmap_lock at once.
sim::Task<Touched> touch_memory(Mm& mm, VirtAddr address, Access access, Mode mode, char content);

// A debugger's write (FOLL_FORCE, /proc/PID/mem): fills a page of a private mapping that has not been touched,
// whatever its protection. Asserts that it is mapped, not registered, and that memory is left.
sim::Task<void> access_remote_vm(Mm& mm, VirtAddr address, char content);

// One try, with page faults disabled: done, or sigsegv where a page fault would be needed.
sim::Task<Touched> touch_memory_atomic(Mm& mm, VirtAddr address, Access access, char content);

}  // namespace model
