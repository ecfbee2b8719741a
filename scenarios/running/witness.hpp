// SPDX-License-Identifier: Apache-2.0
// Witness: one run that has an outcome, the one that is easiest to follow.
#pragma once
#include <vector>

#include "scenarios/running/run.hpp"
#include "sim/fewest_preemptions.hpp"
#include "sim/replay.hpp"

namespace running {

struct Witness {
  std::vector<sim::Move> moves;  // to the end, or to where it begins to go round
  sim::Schedule schedule;        // of these and, if it goes round, of once round
  std::size_t repeats_from = 0;  // the first of the steps that go round for ever; 0: none do
  std::uint32_t preemptions = 0;
  enum class Plainest : std::uint8_t {
    yes,      // no run with this outcome has fewer preemptions, nor as many and fewer steps
    unknown,  // not looked for, or not found within the bound
  };
  Plainest plainest = Plainest::unknown;
};

// How many worlds are looked at to find the plainest run.
inline constexpr std::uint64_t kPlainWorlds = 100000;

// With the fewest preemptions, then the fewest steps. `line` is one of the subject's.
Witness plainest_witness(const LitmusSubject& subject, const Line& line, std::uint64_t worlds = kPlainWorlds);

// Of a schedule that somebody gives, or where it does not fit. Whether its end goes round is seen by its
// leading back to a world where it was.
tl::expected<Witness, sim::Misfit> witness_of(const LitmusSubject& subject, const sim::Schedule& schedule);

}  // namespace running
