// SPDX-License-Identifier: Apache-2.0
#include "sim/tally.hpp"

#include <algorithm>

namespace sim {

void Tally::count(const Subject& subject, const World& world, std::uint64_t hash,
                  const std::vector<Move>& path) {
  Counted*& counted = by_hash_[hash];
  if (!counted) {
    counted = &counted_[{subject.outcome(world, 0), ending_of(world.condition())}];
    counted->worlds.insert(hash);
  }
  if (counted->executions == 0 || path.size() < counted->path.size()) counted->path = path;
  ++counted->executions;
  ++executions;
}

void Tally::complain(const Complaint& complaint, const std::vector<Move>& path) {
  blamed_.try_emplace(complaint.kind, Blamed{complaint.text, path});
}

void Tally::add(const Tally& later) {
  executions += later.executions;
  given_up += later.given_up;
  steps += later.steps;
  depth = std::max(depth, later.depth);
  world_bytes_max = std::max(world_bytes_max, later.world_bytes_max);
  world_bytes_sum += later.world_bytes_sum;
  for (const auto& [key, theirs] : later.counted_) {
    Counted& ours = counted_[key];
    if (ours.executions == 0 || theirs.path.size() < ours.path.size()) ours.path = theirs.path;
    ours.executions += theirs.executions;
    ours.worlds.insert(theirs.worlds.begin(), theirs.worlds.end());
  }
  for (const auto& [kind, blamed] : later.blamed_) blamed_.try_emplace(kind, blamed);
}

void Tally::tell(const Subject& subject, Exploration& result) const {
  for (const auto& [key, counted] : counted_) {
    Outcome outcome{.text = key.first, .ending = key.second, .worlds = counted.worlds.size()};
    outcome.executions = counted.executions;
    outcome.witness = told(subject, counted.path);
    result.outcomes.push_back(std::move(outcome));
  }
  for (const auto& [kind, blamed] : blamed_) {
    result.findings.push_back({kind, blamed.text, told(subject, blamed.path)});
  }
  result.totals.transitions = result.totals.steps = steps;
  result.totals.executions = executions;
  result.totals.depth = depth;
  result.totals.world_bytes_max = world_bytes_max;
  result.totals.world_bytes_mean = executions == 0 ? 0 : world_bytes_sum / executions;
  result.coverage.given_up = given_up;
}

}  // namespace sim
