// SPDX-License-Identifier: Apache-2.0
// Invariants: what holds in every world of a healthy kernel, at every scheduling point. One property a file;
// checked after every step of a checked run. They look from outside and leave no footprint.
#pragma once
#include <span>
#include <string>

#include "model/syscalls/process.hpp"

namespace model {

struct Invariant {
  const char* name;         // "rmap-matches-page-tables"
  const char* description;  // one sentence
  // How it is broken, in words; empty if it holds.
  std::string (*broken)(Machine& machine);
};

std::span<const Invariant* const> invariants();
// The first that does not hold, with its name; empty if all do.
std::string broken_invariant(Machine& machine);

extern const Invariant mappings_are_well_formed;
extern const Invariant map_counts;
extern const Invariant rmap_matches_page_tables;
extern const Invariant tlb_never_outlives_page_table;
extern const Invariant sleepers_are_queued;
extern const Invariant nothing_leaks;
extern const Invariant leaves_are_of_one_kind;
extern const Invariant huge_pool_adds_up;

}  // namespace model
