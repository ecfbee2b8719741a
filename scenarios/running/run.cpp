// SPDX-License-Identifier: Apache-2.0
#include "scenarios/running/run.hpp"

#include <algorithm>

#include "scenarios/language/column.hpp"
#include "sim/every_path.hpp"
#include "sim/every_trace.hpp"
#include "sim/explore.hpp"
#include "sim/priorities.hpp"
#include "sim/random_walk.hpp"

namespace running {
namespace {

sim::Exploration explore(const sim::Subject& subject, const Plan& plan) {
  switch (plan.strategy) {
    case Strategy::every_world: return sim::explore(subject, plan.effort);
    case Strategy::every_path: return sim::every_path(subject, plan.effort);
    case Strategy::every_trace: return sim::every_trace(subject, plan.effort);
    case Strategy::random_walk: return sim::random_walks(subject, plan.seed, plan.walks, plan.effort);
    case Strategy::priorities:
      return sim::by_priorities(subject, plan.seed, plan.depth, plan.walks, plan.effort);
  }
  return {};
}

bool on_kernel(const std::vector<std::string>& kernels, std::string_view kernel) {
  return kernels.empty() || std::find(kernels.begin(), kernels.end(), kernel) != kernels.end();
}

void order_as_table(std::vector<Line>& lines, std::size_t rows) {
  const auto place = [&](const Line& line) { return line.row < 0 ? rows : static_cast<std::size_t>(line.row); };
  std::stable_sort(lines.begin(), lines.end(), [&](const Line& a, const Line& b) { return place(a) < place(b); });
}

}  // namespace

const Line* ModelRun::find(const language::Words& words) const {
  for (const Line& line : lines) {
    if (line.reached.words == words) return &line;
  }
  return nullptr;
}

int row_that_allows(const language::Litmus& litmus, std::string_view kernel, const language::Words& words) {
  for (std::size_t i = 0; i < litmus.rows.size(); ++i) {
    const language::Row& row = litmus.rows[i];
    if (on_kernel(row.kernels, kernel) &&
        std::equal(row.words.begin(), row.words.end(), words.begin(), language::matches)) {
      return static_cast<int>(i);
    }
  }
  return -1;
}

ModelRun run_on_model(const language::Litmus& litmus, const Plan& plan) {
  const LitmusSubject subject(litmus, *plan.kernel, plan.defect);
  ModelRun run{.columns = subject.columns()};
  run.setup_failure = traces::setup_failure(subject.prepared());
  if (!run.setup_failure.empty()) return run;

  sim::Exploration found = explore(subject.subject(), plan);
  std::set<language::Words> seen;
  for (sim::Outcome& outcome : found.outcomes) {
    Line line{.reached = subject.reached(outcome.text), .outcome = std::move(outcome)};
    if (!litmus.columns.empty()) line.row = row_that_allows(litmus, plan.kernel->name, line.reached.words);
    seen.insert(line.reached.words);
    run.lines.push_back(std::move(line));
  }
  order_as_table(run.lines, litmus.rows.size());
  run.totals = found.totals;
  run.coverage = found.coverage;
  run.findings = std::move(found.findings);
  const language::Host host{.kernel = plan.kernel->name, .defect = plan.defect ? plan.defect->name : ""};
  run.verdict = language::judge(litmus, host, seen,
                                run.coverage.complete() ? language::Coverage::all : language::Coverage::some);
  return run;
}

}  // namespace running
