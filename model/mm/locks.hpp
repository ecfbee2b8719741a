// SPDX-License-Identifier: Apache-2.0
// The classes of lock of the modelled kernel, outermost first (uffd-semantics §17).
#pragma once
#include "sim/lock_class.hpp"

namespace model::locks {

using enum sim::Sleeps;

// A file's own lock: truncate, fallocate and write. Taken with no other lock held.
inline constexpr sim::LockClass kInode{"i_rwsem", 17, yes};
inline constexpr sim::LockClass kMmap{"mmap_lock", 1, yes};
inline constexpr sim::LockClass kVma{"vma lock", 2, yes, sim::Nests::yes};
inline constexpr sim::LockClass kMapChanging{"map_changing_lock", 3, yes};
// Faults and fills of one huge page of a file, one after the other.
inline constexpr sim::LockClass kHugetlbFault{"hugetlb_fault_mutex", 24, yes};
inline constexpr sim::LockClass kHugetlbVma{"hugetlb vma lock", 25, yes};
inline constexpr sim::LockClass kFolio{"folio lock", 18, yes};
inline constexpr sim::LockClass kFileMappings{"i_mmap_rwsem", 19, yes};
inline constexpr sim::LockClass kPageTable{"page_table_lock", 4, no};
inline constexpr sim::LockClass kPte{"pte lock", 5, no, sim::Nests::yes};

// The userfaultfd queues: a domain of their own, never taken with a page table lock held.
inline constexpr sim::LockClass kFdQueue{"fd_wqh.lock", 8, no};
inline constexpr sim::LockClass kPendingQueue{"fault_pending_wqh.lock", 9, no};
inline constexpr sim::LockClass kFaultQueue{"fault_wqh.lock", 10, no};
inline constexpr sim::LockClass kEventQueue{"event_wqh.lock", 11, no};

// An epoll instance. Taken with no other lock held.
inline constexpr sim::LockClass kEpoll{"ep->mtx", 24, yes};

// The simulated program's own mutexes.
inline constexpr sim::LockClass kUserMutex{"mutex", 16, yes, sim::Nests::yes};

}  // namespace model::locks
