// SPDX-License-Identifier: Apache-2.0
// Parting: where a run could last have become another outcome, and how that goes on from there.
#pragma once
#include <optional>
#include <vector>

#include "scenarios/running/witness.hpp"
#include "sim/decisive_pair.hpp"

namespace running {

struct Parting {
  std::size_t shared = 0;  // moves that both runs begin with
  Witness other;           // from the first move on
};

// The run that shares the most with `run` and ends in an outcome that is `wanted`, as plain as can be from
// where it parts. None if no outcome of the subject is wanted.
std::optional<Parting> part(const LitmusSubject& subject, const std::vector<sim::Move>& run,
                            const sim::Wanted& wanted, const sim::Effort& effort);

}  // namespace running
