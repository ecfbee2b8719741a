// SPDX-License-Identifier: Apache-2.0
// Decisive pairs: which two steps of a run, of two threads, it was whose order decided how the run ended.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sim/effort.hpp"
#include "sim/subject.hpp"

namespace sim {

// Whether an outcome (Subject::outcome) is the one that is asked about.
using Wanted = std::function<bool(const std::string& outcome)>;

struct DecisivePair {
  std::size_t first = 0, second = 0;  // steps of the run, from 0
  // Not kNoThread: `second` is no step of the run but the one that this thread could not make any more, because
  // `first` had taken the lock.
  ThreadId pending = kNoThread;
  enum class Proof : std::uint8_t {
    every_continuation,  // with `second` made before `first`, no way to go on leads to the outcome
    one_continuation,    // …then going on as the run did does not lead to it
  };
  Proof proof = Proof::one_continuation;
  std::string instead;  // an outcome that the other order leads to, going on as the run did; may be empty
};

// How much is tried: bounds that do not depend on how fast the machine is.
struct DecisiveBounds {
  std::size_t runs = 1000;        // reordered runs
  std::size_t explorations = 16;  // of all that may follow a reordered run
  std::uint64_t worlds = 20000;   // of one exploration
  int workers = 1;
};

// Looks from the end of the run backwards for steps that met in shared state and could have been made in the
// other order; the last such pair that is decisive. A pair with the stronger proof comes before one
// without. `moves` must be possible and lead to an outcome that is wanted, or on to one by way of a cycle.
std::optional<DecisivePair> decisive_pair(const Subject& subject, const std::vector<Move>& moves,
                                          const Wanted& wanted, const DecisiveBounds& bounds = {});

}  // namespace sim
