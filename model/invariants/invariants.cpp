// SPDX-License-Identifier: Apache-2.0
#include "model/invariants/invariant.hpp"

namespace model {
namespace {

constexpr const Invariant* kInvariants[] = {
    &mappings_are_well_formed, &map_counts,    &rmap_matches_page_tables, &tlb_never_outlives_page_table,
    &sleepers_are_queued,      &nothing_leaks, &leaves_are_of_one_kind,   &huge_pool_adds_up};

}  // namespace

std::span<const Invariant* const> invariants() { return kInvariants; }

std::string broken_invariant(Machine& machine) {
  for (const Invariant* invariant : kInvariants) {
    const std::string how = invariant->broken(machine);
    if (!how.empty()) return std::string(invariant->name) + ": " + how;
  }
  return {};
}

}  // namespace model
