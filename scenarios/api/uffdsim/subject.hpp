// SPDX-License-Identifier: Apache-2.0
// ScenarioSubject: a scenario on one simulated kernel, as the engine explores it. Not installed.
#pragma once
#include <string>
#include <vector>

#include "sim/subject.hpp"
#include "uffdsim/world.hpp"

namespace uffdsim::detail {

// What an outcome of the engine stands for.
struct Row {
  std::string columns;                // "monitor.copied=ok reader.saw='A'"
  std::vector<std::string> failures;  // what did not hold
};

class ScenarioSubject : public sim::Subject {
 public:
  // Both must outlive it.
  ScenarioSubject(const Description& description, const model::Kernel& kernel);

  sim::Arena::Size arena_size() const override { return prepared_.arena_size(); }
  void boot(sim::Arena& arena) const override { detail::boot(description_, prepared_, arena); }
  std::string outcome(const sim::World& world, std::uint8_t spinning) const override;
  std::string broken_invariant(const sim::World& world) const override;

  // The inverse of what outcome() names worlds with.
  static Row row(const std::string& outcome);

  const traces::PreparedProgram& prepared() const { return prepared_; }

 private:
  const Description& description_;
  traces::PreparedProgram prepared_;
};

}  // namespace uffdsim::detail
