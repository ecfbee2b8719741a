// SPDX-License-Identifier: Apache-2.0
#include "uffdsim/subject.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "model/invariants/invariant.hpp"
#include "uffdsim/ended.hpp"

namespace uffdsim::detail {
namespace {

// Stands in front of each thing that did not hold; no text has it.
constexpr char kFailure = '\x1f';

}  // namespace

ScenarioSubject::ScenarioSubject(const Description& description, const model::Kernel& kernel)
    : description_(description), prepared_(description.program, kernel) {
  prepared_.frames += static_cast<std::uint32_t>(description.spare_pages);
}

std::string ScenarioSubject::outcome(const sim::World& world, std::uint8_t spinning) const {
  const Ended ended = look(description_, world, spinning);
  std::string text = fmt::format("{}", fmt::join(ended.columns, " "));
  for (const std::string& failure : ended.failures) text.append(1, kFailure).append(failure);
  return text;
}

std::string ScenarioSubject::broken_invariant(const sim::World& world) const {
  return model::broken_invariant(*traces::program_world(world).machine);
}

Row ScenarioSubject::row(const std::string& outcome) {
  Row row;
  std::size_t at = outcome.find(kFailure);
  row.columns = outcome.substr(0, at);
  while (at != std::string::npos) {
    const std::size_t next = outcome.find(kFailure, at + 1);
    row.failures.push_back(outcome.substr(at + 1, next - at - 1));
    at = next;
  }
  return row;
}

}  // namespace uffdsim::detail
