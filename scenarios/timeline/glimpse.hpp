// SPDX-License-Identifier: Apache-2.0
// Glimpse: a world looked at from outside, in the words of its program: where each thread stands and whom it
// waits for, queues, pages, variables. Leaves no footprint.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "traces/model/world.hpp"

namespace timeline {

struct Frame {
  std::string function;
  std::string place;  // file:line of this simulator's sources
};

struct ThreadGlimpse {
  enum class State : std::uint8_t {
    ready,    // can make a step
    asleep,   // off the CPU until somebody wakes it
    waiting,  // for a lock, or whatever else must be so first
    ended,
  };
  std::string name;
  State state = State::ready;
  std::string at;        // the scheduling point: "mmap_lock", "load", "handle_userfault"
  bool at_lock = false;  // …which takes a lock
  bool dozing = false;   // its state is already sleeping, though it has not gone to sleep yet
  bool killed = false;
  std::string holder;              // who has the lock that it waits for
  std::string why;                 // asleep, waiting: a clause that says what for, and who could end it
  std::vector<std::string> holds;  // locks, outermost first
  std::vector<Frame> stack;        // innermost first
};

struct UffdGlimpse {
  bool open = false;
  std::size_t unread = 0;      // fault_pending_wqh
  std::size_t unresolved = 0;  // fault_wqh: read, not resolved
  std::size_t events = 0;      // event_wqh
  std::uint32_t mmap_changing = 0;
  friend bool operator==(const UffdGlimpse&, const UffdGlimpse&) = default;
};

struct Glimpse {
  std::vector<ThreadGlimpse> threads;
  std::vector<UffdGlimpse> uffds;               // as Program::uffds
  std::vector<std::vector<std::string>> pages;  // as Program::regions: "missing", "'A'", "unmapped"
  std::vector<std::vector<std::string>> files;  // as Program::files: "'A'", "hole", "beyond"
  std::vector<std::uint64_t> variables;         // as Program::variables
  std::vector<std::string> mutexes;             // as Program::mutexes: who holds it, empty for nobody
  std::string bug;                              // not empty: the simulated kernel has stopped
};

Glimpse glimpse(const sim::World& world);

}  // namespace timeline
