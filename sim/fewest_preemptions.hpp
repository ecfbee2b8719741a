// SPDX-License-Identifier: Apache-2.0
// The run to a goal that a person follows most easily: with the fewest preemptions, among those the fewest
// steps, among those the fewest changes from one thread to another.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "sim/subject.hpp"

namespace sim {

// Where a run shall end. `hash` is the world's.
using Goal = std::function<bool(const World& world, std::uint64_t hash)>;

struct PlainRun {
  std::vector<Move> moves;
  std::uint32_t preemptions = 0;  // another thread was let run while the one before could have gone on
};

// How often `moves` preempts a thread, from the subject's first world.
std::uint32_t preemptions_of(const Subject& subject, const std::vector<Move>& moves);

// None if no world within the bound is a goal. `worlds`: how many pairs of a world and the thread that ran
// last are looked at. `last`: who ran before the subject's first world.
std::optional<PlainRun> fewest_preemptions(const Subject& subject, const Goal& goal, std::uint64_t worlds,
                                           ThreadId last = kNoThread);

}  // namespace sim
