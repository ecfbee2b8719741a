// SPDX-License-Identifier: Apache-2.0
// Priorities: the strategy that always lets the thread with the highest priority go on, and changes
// priorities at a few random steps. A bug that needs `depth` steps in one order is found by each execution of
// n threads and k steps with probability 1 / (n * k^(depth-1)) at least, however rare it is for a fair die:
// PCT, Burckhardt, Kothari, Musuvathi and Nagarakatte, "A Randomized Scheduler with Probabilistic Guarantees
// of Finding Bugs" (ASPLOS 2010).
#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "sim/effort.hpp"
#include "sim/exploration.hpp"
#include "sim/random.hpp"
#include "sim/strategy.hpp"

namespace sim {

class Priorities : public Strategy {
 public:
  // Executions first .. last-1 of the seed.
  Priorities(std::uint64_t seed, std::uint32_t depth, std::uint64_t first, std::uint64_t last)
      : random_(seed), seed_(seed), depth_(depth), next_(first), last_(last) {}

  std::optional<std::size_t> next() override;
  std::optional<std::size_t> pick(const World& world, std::span<const Move> moves) override;

 private:
  using Priority = std::uint32_t;
  std::size_t highest(std::span<const Move> moves) const;
  void put_last(ThreadId thread);

  Random random_;
  std::uint64_t seed_;
  std::uint32_t depth_;
  std::uint64_t next_;
  std::uint64_t last_;
  std::array<Priority, kMaxThreads> priorities_{};  // all different
  Priority lowest_ = 0;                             // below all of them
  std::vector<std::uint64_t> changes_;              // steps at which who would go on is put last
  std::uint64_t steps_ = 0;
  std::uint64_t longest_ = 32;  // steps of an execution so far
  std::uint32_t in_a_row_ = 0;  // steps of one thread while others could go on
  ThreadId running_ = kNoThread;
};

// Makes that many executions and counts their outcomes. A sample: its coverage is never complete. `depth` is
// 1 or more.
Exploration by_priorities(const Subject& subject, std::uint64_t seed, std::uint32_t depth,
                          std::uint64_t executions, const Effort& effort = {});

}  // namespace sim
