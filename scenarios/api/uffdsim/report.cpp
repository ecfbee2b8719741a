// SPDX-License-Identifier: Apache-2.0
#include "uffdsim/report.hpp"

#include <fmt/format.h>

#include <ostream>

namespace uffdsim {

const Outcome* Report::find(std::string_view text) const {
  for (const Outcome& outcome : outcomes) {
    if (outcome.text == text) return &outcome;
  }
  return nullptr;
}

const Failure* Report::failure(std::string_view part_of_what) const {
  for (const Failure& failure : failures) {
    if (failure.what.find(part_of_what) != std::string::npos) return &failure;
  }
  return nullptr;
}

std::string to_text(const Report& report) {
  std::string text = report.covered;
  if (report.worlds > 0)
    text += fmt::format(": {} worlds, {} of them last ones", report.worlds, report.executions);
  text += '\n';
  if (!report.outcomes.empty()) text += "outcomes\n";
  for (const Outcome& outcome : report.outcomes) {
    text += fmt::format("  {:>6}  {}\n", outcome.worlds,
                        outcome.text.empty() ? "(nothing recorded)" : outcome.text);
  }
  for (const Failure& failure : report.failures) {
    text += fmt::format("does not hold: {}\n{}", failure.what, failure.explanation);
    if (!failure.schedule.empty()) text += fmt::format("  schedule: {}\n", failure.schedule);
  }
  return text;
}

std::ostream& operator<<(std::ostream& out, const Report& report) { return out << to_text(report); }

std::ostream& operator<<(std::ostream& out, const Replayed& replayed) {
  if (!replayed.misfit.empty()) return out << replayed.misfit << '\n';
  out << replayed.story << replayed.outcome << '\n';
  for (const std::string& failed : replayed.failed) out << "does not hold: " << failed << '\n';
  return out;
}

}  // namespace uffdsim
