// SPDX-License-Identifier: Apache-2.0
// Non-cooperative events: a thread that changes the layout tells the monitor and waits until it has read.
#pragma once
#include "model/mm/move_page_tables.hpp"
#include "model/uffd/context.hpp"

namespace model {

// From now on data ioctls of the context are refused with EAGAIN. Drains those in flight.
sim::Task<void> mmap_changing_begin(UserfaultfdCtx& ctx);
bool mmap_is_changing(const UserfaultfdCtx& ctx);

// Queues the event and sleeps until it has been read, the context released, or the thread killed; then lowers
// mmap_changing and drops the reference to the context. Called with no lock held.
enum class EventEnd : std::uint8_t { read, withdrawn };
sim::Task<EventEnd> userfaultfd_event_wait_completion(UserfaultfdCtx& ctx, Message event);

// Announces that [range] of the mapping is about to be emptied. Called with mmap_lock held for reading.
enum class MmapLock : std::uint8_t { kept, released };
sim::Task<MmapLock> userfaultfd_remove(Mm& mm, Vma& vma, AddrRange range);

// What a fork owes: for each context of the parent that wants to hear of it, one for the child and a FORK
// event.
class PendingForks {
 public:
  // `child` is the copy of a mapping. Registers it with the child's context, or with none if the parent's
  // does not ask for forks. Called with the parent's mmap_lock held for writing.
  sim::Task<void> dup(Vma& child);
  // Delivers the events; a context of which nobody took the descriptor is taken off the child again. Called
  // with no lock held.
  sim::Task<void> complete();

 private:
  static constexpr int kMost = 4;
  struct Fork {
    UserfaultfdCtx* parent = nullptr;
    UserfaultfdCtx* child = nullptr;
  };
  Fork forks_[kMost] = {};
  int count_ = 0;
};

// UNMAP events that a system call owes, one a context and range.
class PendingUnmaps {
 public:
  // Notes the context of a mapping that is about to go with a range. Called with mmap_lock held for writing.
  sim::Task<void> prepare(Vma& vma, AddrRange range);
  // Delivers them, in the order in which they were noted. Called with no lock held.
  sim::Task<void> complete();

 private:
  static constexpr int kMost = 12;  // a context each; mremap may owe one of them several
  struct Owed {
    UserfaultfdCtx* ctx = nullptr;
    AddrRange range;
  };
  Owed owed_[kMost];
  int count_ = 0;
};

// The REMAP event that mremap owes.
class PendingRemap {
 public:
  // `vma` is, or is part of, where pages have been moved to. A context without EVENT_REMAP lets go of all of
  // it. Called with mmap_lock held for writing.
  sim::Task<void> prepare(Mm& mm, Vma& vma);
  // Delivers it. Called with no lock held.
  sim::Task<void> complete(AddrRange from, VirtAddr to);

 private:
  UserfaultfdCtx* ctx_ = nullptr;
};

// Whether pages of the mapping, when they are moved, leave its userfaultfd: it does not want to hear of it
// (vma_has_uffd_without_event_remap).
bool moves_out_of_its_uffd(const Vma& vma);
// Whether uffd-wp bits go along when pages of the mapping are moved: only where somebody hears of it.
MovedWp moved_wp_of(const Vma& vma);
// Before 6.13: always.
MovedWp moved_wp_kept(const Vma& vma);

}  // namespace model
