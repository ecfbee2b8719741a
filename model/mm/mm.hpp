// SPDX-License-Identifier: Apache-2.0
// Mm: the address space of a process (mm_struct).
#pragma once
#include <cstdint>

#include "model/mm/page_table.hpp"
#include "model/mm/vma_tree.hpp"
#include "sim/rw_lock.hpp"

namespace model {

struct System;

struct Mm {
  System* system = nullptr;
  sim::RwLock mmap_lock{locks::kMmap};
  VmaTree vmas;
  PageTables page_tables;
  // Operations that have cleared page table entries and not yet flushed TLBs (mm_tlb_flush_pending).
  sim::Cell<std::uint32_t> tlb_flush_pending;
  // Who uses it (mm_users): the threads of the process, and for as long as they last the system calls of
  // other processes. 0 once the process has exited, and then nothing is mapped.
  sim::Cell<std::uint32_t> users;

  std::uint8_t cpus = 0;  // a bit for each CPU that runs its threads (mm_cpumask)

  // Makes every CPU that uses it forget the range. Simplified: all CPUs in one step, as if their interrupts
  // were answered at once.
  void flush_tlb_range(AddrRange range);

  // Releases mmap_lock held for writing, and with it every mapping that vma_start_write() marked.
  void mmap_write_unlock();
  // From writing to reading; the marks are cleared.
  void mmap_write_downgrade();

 private:
  void vma_end_write_all();
};

// Makes sure that the address space stays, until mmput(). Refused if it has gone already.
enum class MmUser : std::uint8_t { counted, refused };
MmUser mmget_not_zero(Mm& mm);
// One user less; the last takes the address space apart. Called with no lock held.
sim::Task<void> mmput(Mm& mm);

// Excludes faults and data ioctls from the mapping until mmap_lock is released. Called with mmap_lock held
// for writing.
sim::Task<void> vma_start_write(Mm& mm, Vma& vma);

// The first half of a page fault's fast path: the mapping of `address`, read-locked without mmap_lock; null
// if a writer has it or there is none.
//
// Simplified: lookup and lock are one step; the kernel's rechecks make them so.
sim::Task<Vma*> lock_vma_under_rcu(Mm& mm, VirtAddr address);

// Read-locks a mapping. Called with mmap_lock held for reading, so nobody can be about to write-lock it.
void vma_start_read_locked(Vma& vma);

}  // namespace model

template <>
inline constexpr bool sim::dropped_with_its_world<model::Mm> = true;
