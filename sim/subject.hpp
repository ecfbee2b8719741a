// SPDX-License-Identifier: Apache-2.0
// Subject: what the engine explores. It builds the first world and puts a name on each last one.
#pragma once
#include <cstdint>
#include <string>

#include "sim/world.hpp"

namespace sim {

class Subject {
 public:
  virtual ~Subject() = default;

  virtual Arena::Size arena_size() const { return {}; }

  // Creates the world (World::create) in `arena` and spawns its threads. Called by several workers at
  // once, each with an arena of its own; builds the same bytes every time.
  virtual void boot(Arena& arena) const = 0;

  // The outcome of an execution that ended in `world`, or that goes round in a cycle through it: equal
  // text for endings that a person would not tell apart. `spinning` has a bit for each thread that goes
  // round forever.
  virtual std::string outcome(const World& world, std::uint8_t spinning) const = 0;

  // Looked at after every step of a checked run: the first property that does not hold, or empty.
  virtual std::string broken_invariant(const World&) const { return {}; }
};

}  // namespace sim
