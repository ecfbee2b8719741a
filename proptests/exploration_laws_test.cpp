// SPDX-License-Identifier: Apache-2.0
// Laws of exploration, over generated concurrent programs: what prunes, what runs in parallel and what is
// printed changes no outcome; every step keeps the invariants and declares what it changes.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "proptests/exploration_text.hpp"
#include "proptests/generate_program.hpp"
#include "proptests/rapidcheck_draw.hpp"
#include "scenarios/language/parse.hpp"
#include "scenarios/language/print.hpp"
#include "sim/every_path.hpp"
#include "sim/every_trace.hpp"
#include "sim/explore.hpp"
#include "traces/model/subject.hpp"

namespace proptests {
namespace {

constexpr sim::Budget kWorlds{.worlds = 60'000};
constexpr sim::Budget kTraces{.executions = 3'000, .steps_per_execution = 2'000};
constexpr sim::Budget kPaths{.executions = 30'000, .steps_per_execution = 2'000};

const model::Kernel& some_kernel(Draw& draw) {
  return *model::kernels()[draw.below(static_cast<std::uint32_t>(model::kernels().size()))];
}

traces::Program some_program(Draw& draw, const ProgramShape& shape = {}) {
  traces::Program program = generate_program(draw, shape);
  RC_LOG() << "\n" << language::print(program) << "\n";
  return program;
}

traces::ModelSubject subject_of(const traces::Program& program, const model::Kernel& kernel) {
  traces::ModelSubject subject(
      program, kernel, [program](const traces::FinalState& state) { return outcome_text(program, state); });
  RC_ASSERT(traces::setup_failure(subject.prepared()) == "");
  return subject;
}

// Every path of the smallest programs only: two threads of one or two operations have millions.
RC_GTEST_PROP(ExplorationLaws, PruningLosesAndInventsNoOutcome, ()) {
  RapidcheckDraw draw;
  const traces::Program program = some_program(draw, {.most_threads = 2, .most_operations = 1});
  const traces::ModelSubject subject = subject_of(program, some_kernel(draw));
  const sim::Exploration pruned = sim::explore(subject, {.budget = kWorlds});
  const sim::Exploration all = sim::every_path(subject, {.budget = kPaths});
  RC_PRE(pruned.coverage.complete());
  RC_CLASSIFY(all.coverage.complete(), "every path");
  const std::set<std::string> pruned_table = table(pruned), all_table = table(all);
  if (all.coverage.complete()) {
    RC_ASSERT(pruned_table == all_table);
  } else {
    RC_ASSERT(std::includes(pruned_table.begin(), pruned_table.end(), all_table.begin(), all_table.end()));
  }
}

RC_GTEST_PROP(ExplorationLaws, OneExecutionOfEachTraceLosesAndInventsNoOutcome, ()) {
  RapidcheckDraw draw;
  const traces::Program program = some_program(draw, {.most_threads = 3, .most_operations = 2});
  const traces::ModelSubject subject = subject_of(program, some_kernel(draw));
  const sim::Exploration worlds = sim::explore(subject, {.budget = kWorlds});
  const sim::Exploration traces = sim::every_trace(subject, {.budget = kTraces});
  RC_PRE(worlds.coverage.complete());
  RC_CLASSIFY(traces.coverage.complete(), "every trace");
  const std::set<std::string> of_worlds = table(worlds), of_traces = table(traces);
  if (traces.coverage.complete()) {
    RC_ASSERT(of_traces == of_worlds);
  } else {
    RC_ASSERT(std::includes(of_worlds.begin(), of_worlds.end(), of_traces.begin(), of_traces.end()));
  }
}

RC_GTEST_PROP(ExplorationLaws, TwoWorkersAndTwoRunsGiveTheSameBytes, ()) {
  RapidcheckDraw draw;
  const traces::Program program = some_program(draw);
  const traces::ModelSubject subject = subject_of(program, some_kernel(draw));
  const std::string one = exploration_text(sim::explore(subject, {.workers = 1, .budget = kWorlds}));
  RC_ASSERT(exploration_text(sim::explore(subject, {.workers = 2, .budget = kWorlds})) == one);
  RC_ASSERT(exploration_text(sim::explore(subject, {.workers = 1, .budget = kWorlds})) == one);
}

// Among the invariants: at the exit of the process nothing is left.
RC_GTEST_PROP(ExplorationLaws, EveryStepKeepsTheInvariantsAndDeclaresWhatItChanges, ()) {
  RapidcheckDraw draw;
  const traces::Program program = some_program(draw);
  const traces::ModelSubject subject = subject_of(program, some_kernel(draw));
  const sim::Budget few{.worlds = 6'000};
  const sim::Exploration checked = sim::explore(subject, {.budget = few, .checks = sim::Checks::every_step});
  for (const sim::Finding& finding : checked.findings) {
    RC_FAIL(std::string(name_of(finding.kind)) + ": " + finding.text + "\n" + to_text(finding.schedule));
  }
  for (const sim::Outcome& outcome : checked.outcomes) RC_ASSERT(outcome.ending != sim::Ending::bug);
}

RC_GTEST_PROP(ExplorationLaws, APrintedProgramMeansTheSame, ()) {
  RapidcheckDraw draw;
  const traces::Program program = some_program(draw, {.most_threads = 2});
  const model::Kernel& kernel = some_kernel(draw);
  const auto again = language::parse(language::print(program), "printed");
  if (!again) RC_FAIL(language::to_text(again.error()));
  const sim::Exploration first = sim::explore(subject_of(program, kernel), {.budget = kWorlds});
  const sim::Exploration second = sim::explore(subject_of(again->program, kernel), {.budget = kWorlds});
  RC_ASSERT(exploration_text(first) == exploration_text(second));
}

}  // namespace
}  // namespace proptests
