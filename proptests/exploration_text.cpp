// SPDX-License-Identifier: Apache-2.0
#include "proptests/exploration_text.hpp"

#include <fmt/format.h>

#include "scenarios/language/word.hpp"

namespace proptests {
namespace {

std::string value_text(const traces::Value& value, const traces::Layout& layout) {
  return fmt::format("{}/{}/{}/{}", language::word(value, layout), static_cast<int>(value.field_state),
                     value.field, value.thread);
}

}  // namespace

std::string outcome_text(const traces::Program& program, const traces::FinalState& state) {
  const traces::Layout layout(program);
  std::string text;
  for (const traces::FinalState::Thread& thread : state.threads) {
    text += language::word(thread.end) + ':';
    for (const traces::Value& value : thread.registers) text += ' ' + value_text(value, layout);
    text += " | ";
  }
  for (const std::vector<traces::FinalState::Page>& region : state.pages) {
    for (const traces::FinalState::Page& page : region) text += language::word(page) + ' ';
  }
  for (const traces::FinalState::Uffd& uffd : state.uffds) {
    text += fmt::format("| {} {}/{} ", uffd.open ? "open" : "closed", uffd.pending, uffd.total);
  }
  if (state.exited) text += "exited ";
  return text + state.kernel_bug;
}

std::string exploration_text(const sim::Exploration& exploration) {
  std::string text;
  for (const sim::Outcome& outcome : exploration.outcomes) {
    text += fmt::format("{} ({}) worlds {} executions {}\n  {}\n  {}\n{}\n", outcome.text,
                        name_of(outcome.ending), outcome.worlds, outcome.executions, to_text(outcome.witness),
                        to_text(outcome.cycle), outcome.stacks);
  }
  const sim::Totals& totals = exploration.totals;
  text += fmt::format("{} {} {} {} {} {} {}\n", totals.worlds, totals.transitions, totals.executions,
                      totals.depth, totals.steps, totals.world_bytes_max, totals.world_bytes_mean);
  const sim::Coverage& coverage = exploration.coverage;
  text += fmt::format("{} {} {}\n", name_of(coverage.limit), coverage.unexplored, coverage.given_up);
  for (const sim::Finding& finding : exploration.findings) {
    text += fmt::format("{}: {}\n  {}\n", name_of(finding.kind), finding.text, to_text(finding.schedule));
  }
  return text;
}

std::set<std::string> table(const sim::Exploration& exploration) {
  std::set<std::string> table;
  for (const sim::Outcome& outcome : exploration.outcomes) {
    table.insert(fmt::format("{} ({})", outcome.text, name_of(outcome.ending)));
  }
  return table;
}

}  // namespace proptests
