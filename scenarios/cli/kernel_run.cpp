// SPDX-License-Identifier: Apache-2.0
#include "scenarios/cli/kernel_run.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "scenarios/cli/budget.hpp"
#include "scenarios/cli/named.hpp"
#include "scenarios/cli/outcome_text.hpp"
#include "scenarios/cli/status.hpp"
#include "scenarios/language/column.hpp"
#include "scenarios/running/run.hpp"

namespace cli {
namespace {

using Row = KernelRun::Row;

// The rows that are allowed on this kernel, none of them seen yet.
std::vector<Row> allowed_rows(const LitmusFile& file, const std::string& model) {
  std::vector<Row> rows;
  if (file.litmus.columns.empty()) {
    const running::ModelRun run = running::run_on_model(
        file.litmus, {.kernel = &kernel_named(model), .effort = {.budget = bounds_of({}).budget}});
    if (!run.coverage.complete()) {
      throw Error(fmt::format("{}: has no table of outcomes, and the model has too many worlds to make one ({}); write "
                              "down the outcomes that are allowed, or make the program smaller",
                              file.shown, shortfall_text(run.coverage)));
    }
    for (const running::Line& line : run.lines) rows.push_back({.words = line.reached.words});
    return rows;
  }
  for (const language::Row& row : file.litmus.rows) {
    const bool counts =
        row.kernels.empty() || std::find(row.kernels.begin(), row.kernels.end(), model) != row.kernels.end();
    if (counts) rows.push_back({.words = row.words});
  }
  return rows;
}

bool allows(const Row& row, const language::Words& seen) {
  return std::equal(row.words.begin(), row.words.end(), seen.begin(), language::matches);
}

// Counts a seen row: under the allowed one that it is, or as one of its own.
void count(std::vector<Row>& rows, const language::Words& seen, std::size_t table_columns,
           std::uint64_t times) {
  const auto row = std::find_if(rows.begin(), rows.end(), [&](const Row& r) { return allows(r, seen); });
  if (row != rows.end()) {
    row->count += times;
    return;
  }
  rows.push_back({{seen.begin(), seen.begin() + static_cast<std::ptrdiff_t>(table_columns)}, times, false});
}

}  // namespace

std::size_t KernelRun::rows_allowed() const {
  return static_cast<std::size_t>(
      std::count_if(rows.begin(), rows.end(), [](const Row& row) { return row.allowed; }));
}

std::size_t KernelRun::rows_seen() const {
  return static_cast<std::size_t>(
      std::count_if(rows.begin(), rows.end(), [](const Row& row) { return row.allowed && row.count > 0; }));
}

std::string why_not_run(const LitmusFile& file, const std::string& model) {
  if (!model.empty() && !language::applies(file.litmus, model))
    return fmt::format("only for {}", fmt::join(file.litmus.kernels, ", "));
  const std::vector<std::uint8_t> processes = traces::processes_of(file.litmus.program);
  const bool forks =
      std::any_of(processes.begin(), processes.end(), [](std::uint8_t process) { return process != 0; });
  if (forks && traces::may_exit(file.litmus.program, 0))
    return "a process with children exits: on the model only";
  return {};
}

KernelRun skip(const LitmusFile& file, const std::string& model, std::string reason) {
  KernelRun run{.file = &file, .model = model, .verdict = KernelRun::Verdict::skipped};
  run.skipped = std::move(reason);
  return run;
}

KernelRun compare(const LitmusFile& file, const std::string& model, const traces::FileReport& report) {
  if (!report.unavailable.empty()) return skip(file, model, report.unavailable);
  KernelRun run{.file = &file, .model = model, .error = report.error};
  if (!report.histogram) {
    run.verdict = KernelRun::Verdict::differs;
    return run;
  }
  const traces::Histogram& histogram = *report.histogram;
  run.iterations = histogram.iterations;
  run.undecided = histogram.undecided;
  run.reasons = histogram.reasons;
  run.columns = running::shown_columns(file.litmus);
  run.rows = allowed_rows(file, model);
  const std::size_t width = file.litmus.columns.empty() ? run.columns.size() : file.litmus.columns.size();
  std::set<language::Words> seen;
  for (const traces::Histogram::Row& row : histogram.rows) {
    const language::Words words = language::row(file.litmus, run.columns, row.state);
    seen.insert(words);
    count(run.rows, words, width, row.count);
  }
  run.columns.resize(width);
  const language::Verdict verdict =
      language::judge(file.litmus, {.kernel = model, .defect = ""}, seen, language::Coverage::some);
  for (const auto& judged : verdict.claims) {
    if (judged.truth == language::Truth::fails) run.refuted.push_back(judged.claim);
  }
  const bool outside =
      std::any_of(run.rows.begin(), run.rows.end(), [](const Row& row) { return !row.allowed; });
  run.verdict = outside || !run.refuted.empty() ? KernelRun::Verdict::differs
                : run.iterations > 0            ? KernelRun::Verdict::agrees
                                                : KernelRun::Verdict::unknown;
  return run;
}

}  // namespace cli
