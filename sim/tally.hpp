// SPDX-License-Identifier: Apache-2.0
// Tally: counts executions by their outcome. Tallies of parts of a search add up.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "sim/checked_step.hpp"
#include "sim/exploration.hpp"

namespace sim {

class Tally {
 public:
  std::uint64_t executions = 0;
  std::uint64_t given_up = 0;
  std::uint64_t steps = 0;
  std::uint64_t depth = 0;
  std::uint64_t world_bytes_max = 0;
  std::uint64_t world_bytes_sum = 0;  // of the last worlds

  // An execution along `path` ended in the current world, whose hash this is.
  void count(const Subject& subject, const World& world, std::uint64_t hash, const std::vector<Move>& path);
  // The last move of `path` was not in order.
  void complain(const Complaint& complaint, const std::vector<Move>& path);
  // Adds what another part of the search has counted, as if it came after this one.
  void add(const Tally& later);

  // Outcomes (without stacks) and findings, with their schedules.
  void tell(const Subject& subject, Exploration& result) const;

 private:
  using Key = std::pair<std::string, Ending>;
  struct Counted {
    std::uint64_t executions = 0;
    std::unordered_set<std::uint64_t> worlds;  // by hash; never iterated for what is told
    std::vector<Move> path;                    // the first of the shortest
  };
  struct Blamed {
    std::string text;
    std::vector<Move> path;
  };

  std::map<Key, Counted> counted_;
  std::unordered_map<std::uint64_t, Counted*>
      by_hash_;  // saves asking for the outcome of the same world twice
  std::map<Finding::Kind, Blamed> blamed_;
};

}  // namespace sim
