// SPDX-License-Identifier: Apache-2.0
#include "scenarios/cli/check_file.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace cli {
namespace {

bool complete(const running::ModelRun& run) { return run.coverage.complete(); }

// The rows of the healthy kernel, judged as if it had the defect.
language::Verdict judged_as_defective(const CheckedFile& checked, std::string_view defect) {
  std::set<language::Words> seen;
  for (const running::Line& line : checked.runs.front().lines) seen.insert(line.reached.words);
  const language::Host host{.kernel = checked.plans.front().kernel->name, .defect = defect};
  const auto coverage = complete(checked.runs.front()) ? language::Coverage::all : language::Coverage::some;
  return language::judge(checked.file->litmus, host, seen, coverage);
}

}  // namespace

CheckedFile to_check(const LitmusFile& file, const running::Plan& plan) {
  CheckedFile checked{.file = &file};
  if (!language::applies(file.litmus, plan.kernel->name)) {
    checked.skipped = fmt::format("only for {}", fmt::join(file.litmus.kernels, ", "));
    return checked;
  }
  checked.plans.push_back(plan);
  for (const std::string& name : language::defects(file.litmus)) {
    checked.plans.push_back(plan);
    checked.plans.back().defect = model::find_defect(name);
  }
  checked.runs.resize(checked.plans.size());
  return checked;
}

CheckedFile::Verdict CheckedFile::verdict() const {
  if (!skipped.empty()) return Verdict::skipped;
  const bool all_hold = std::all_of(runs.begin(), runs.end(), [](const auto& run) { return run.holds(); });
  if (!all_hold || !idle_claims().empty()) return Verdict::fails;
  return std::all_of(runs.begin(), runs.end(), complete) ? Verdict::holds : Verdict::stopped;
}

bool CheckedFile::tells(const model::Defect& defect) const {
  const std::vector<std::size_t> idle = idle_claims();
  for (std::size_t i = 1; i < runs.size(); ++i) {
    if (plans[i].defect != &defect) continue;
    for (const language::Verdict::Judged& judged : runs[i].verdict.claims) {
      const bool shows = judged.truth == language::Truth::holds;
      if (shows && std::find(idle.begin(), idle.end(), judged.claim) == idle.end()) return true;
    }
  }
  return false;
}

std::vector<std::size_t> CheckedFile::idle_claims() const {
  std::vector<std::size_t> idle;
  for (std::size_t i = 1; i < runs.size(); ++i) {
    for (const auto& judged : judged_as_defective(*this, plans[i].defect->name).claims) {
      if (judged.truth == language::Truth::holds) idle.push_back(judged.claim);
    }
  }
  return idle;
}

std::uint64_t CheckedFile::worlds() const {
  std::uint64_t sum = 0;
  for (const running::ModelRun& run : runs) sum += run.totals.worlds;
  return sum;
}

}  // namespace cli
