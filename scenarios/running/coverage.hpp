// SPDX-License-Identifier: Apache-2.0
// Coverage: what of the simulated kernel the runs of a file go through.
#pragma once
#include <cstdint>
#include <set>
#include <string>

#include "scenarios/running/litmus_subject.hpp"

namespace running {

struct Covered {
  using Names = std::set<std::string>;
  Names points;      // scheduling points that some thread passed
  Names contended;   // …at which some thread had to wait for a lock
  Names lock_pairs;  // "mmap_lock → pte lock"
  Names messages;    // kinds that were read: "read-fault"
  Names operations;  // kinds that returned
  Names errnos;      // that some operation returned
  Names answers;     // "copy EEXIST": an operation with its errno
  bool complete = true;

  void add(const Covered& other);
};

// Makes every move of every world, up to that many worlds.
Covered cover(const LitmusSubject& subject, std::uint64_t worlds);

// All that the model has of a kind.
Covered::Names all_points();
Covered::Names all_messages();
Covered::Names all_operations();
Covered::Names all_errnos();

}  // namespace running
