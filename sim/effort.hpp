// SPDX-License-Identifier: Apache-2.0
// Effort: how hard to look: how many workers, which checks, when to stop, whom to tell how far it is.
#pragma once
#include <atomic>
#include <cstdint>
#include <functional>

namespace sim {

// What is used up ends the exploration, which then says so. 0: no bound.
struct Budget {
  std::uint64_t worlds = 0;
  std::uint64_t executions = 0;
  std::uint64_t bytes = 0;                     // host memory for what the exploration remembers
  std::uint64_t steps_per_execution = 100000;  // where executions are run one by one
};

// How far an exploration is.
struct Progress {
  std::uint64_t worlds = 0;
  std::uint64_t frontier = 0;  // worlds met but not yet expanded
  std::uint64_t depth = 0;
  std::uint64_t executions = 0;
  std::uint64_t transitions = 0;
};

// Whether every step is checked: invariants, footprints, repeatability, lock order.
enum class Checks : std::uint8_t { none, every_step };
#ifdef UFFDSIM_CHECKED
inline constexpr Checks kDefaultChecks = Checks::every_step;
#else
inline constexpr Checks kDefaultChecks = Checks::none;
#endif

struct Effort {
  int workers = 1;  // host threads; the result does not depend on it
  Budget budget = {};
  Checks checks = kDefaultChecks;
  const std::atomic<bool>* stop = nullptr;  // set by somebody else: end soon, and say what was covered
  std::function<void(const Progress&)> progress = {};  // called now and then by the caller's own thread

  bool stopped() const { return stop && stop->load(std::memory_order_relaxed); }
};

}  // namespace sim
