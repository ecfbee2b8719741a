// SPDX-License-Identifier: Apache-2.0
// The advices of madvise(2), one a file.
#pragma once
#include "model/errno.hpp"
#include "model/fault/fault.hpp"

namespace model {

// Advices that <sys/mman.h> lacks (6.13).
inline constexpr std::uint64_t kMadvGuardInstall = 102, kMadvGuardRemove = 103;

// What an advice does to a range of one mapping. Called and returns with mmap_lock held for reading, which
// may have been released in between: `range` becomes what was done.
using MadviseVisit = sim::Task<Errno> (*)(Mm& mm, Vma& vma, AddrRange& range);

// MADV_DONTNEED: its pages are missing from now on; guard pages stay. The REMOVE event comes first. EINVAL
// within a huge page; of huge pages `range` becomes the whole ones.
sim::Task<Errno> madvise_dontneed(Mm& mm, Vma& vma, AddrRange& range);
// MADV_FREE: its pages may be taken away until they are written to. The same event. EINVAL for a file's
// mapping, after it; for huge pages, before it.
sim::Task<Errno> madvise_free(Mm& mm, Vma& vma, AddrRange& range);
// MADV_REMOVE: punches a hole into the file, after the same event. EINVAL: no file is mapped; EACCES: it is
// mapped private.
sim::Task<Errno> madvise_remove(Mm& mm, Vma& vma, AddrRange& range);
// MADV_GUARD_INSTALL: its pages go, and touching them is SIGSEGV. No event. EINVAL for
// huge pages.
sim::Task<Errno> madvise_guard_install(Mm& mm, Vma& vma, AddrRange& range);
// MADV_GUARD_REMOVE: what was guarded is missing; all else stays. EINVAL for huge pages.
sim::Task<Errno> madvise_guard_remove(Mm& mm, Vma& vma, AddrRange& range);

// MADV_POPULATE_READ and MADV_POPULATE_WRITE: faults every page in, and sleeps where that is a userfault.
// ENOMEM (not mapped), EINVAL (not allowed), EFAULT (SIGBUS or SIGSEGV to a program), EHWPOISON (poisoned);
// what comes before stays populated. Called with no lock held.
sim::Task<Errno> madvise_populate(Mm& mm, AddrRange range, Access access);
// The same, mapping by mapping: holes are passed over, as by other advice.
sim::Task<Errno> madvise_populate_read(Mm& mm, Vma& vma, AddrRange& range);
sim::Task<Errno> madvise_populate_write(Mm& mm, Vma& vma, AddrRange& range);

}  // namespace model
