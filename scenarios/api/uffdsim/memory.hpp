// SPDX-License-Identifier: Apache-2.0
// Touching memory, and the system calls about it, by the thread that says so, in its own process. Errors are
// those of the manual pages. Write one `co_await` a statement.
#pragma once
#include <sys/mman.h>

#include "uffdsim/file.hpp"
#include "uffdsim/range.hpp"
#include "uffdsim/reply.hpp"
#include "uffdsim/task.hpp"

namespace uffdsim {

// The program's own load or store of the first page of the range. Sleeps in a page fault, where that is a
// userfault. A fault that is refused is a signal in the result.
sim::Task<Touched> load(Range at);
sim::Task<Touched> store(Range at, char letter);

// A system call that reads or writes the caller's memory (write(2), read(2)), so that the fault is a
// kernel-mode fault. EFAULT.
sim::Task<Result<char>> copy_from_user(Range at);
sim::Task<Errno> copy_to_user(Range at, char letter);

// mmap(2) with MAP_FIXED: anonymous private memory, or pages of a file.
inline constexpr int kReadWrite = PROT_READ | PROT_WRITE;
sim::Task<Errno> map(Range at, int protection = kReadWrite, Backing backing = {});
sim::Task<Errno> unmap(Range at);                    // munmap(2)
sim::Task<Errno> protect(Range at, int protection);  // mprotect(2)
// madvise(2): MADV_DONTNEED, MADV_REMOVE, MADV_FREE, MADV_POPULATE_READ, MADV_POPULATE_WRITE, and the guards.
sim::Task<Errno> advise(Range at, int advice);
// mremap(2): to the start and the length of `to`, with MREMAP_MAYMOVE | MREMAP_FIXED unless told otherwise.
sim::Task<Result<Range>> remap(Range from, Range to, int flags = MREMAP_MAYMOVE | MREMAP_FIXED);

}  // namespace uffdsim
