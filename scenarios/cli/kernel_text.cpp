// SPDX-License-Identifier: Apache-2.0
#include "scenarios/cli/kernel_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "scenarios/cli/claim_text.hpp"
#include "scenarios/cli/table.hpp"
#include "scenarios/language/column.hpp"

namespace cli {
namespace {

using Verdict = KernelRun::Verdict;

std::string objections(const KernelRun& run, const Paint& paint) {
  std::string text;
  for (const KernelRun::Row& row : run.rows) {
    if (row.allowed) continue;
    text += paint(Tone::bad, fmt::format("      a row outside the table, {} times: {}", row.count, words_text(row.words))) + '\n';
  }
  for (const std::size_t claim : run.refuted) {
    const language::Claim& refuted = run.file->litmus.claims[claim];
    text += paint(Tone::bad, fmt::format("      {}:{}: refuted: {}", run.file->shown, refuted.line,
                                         claim_text(refuted, run.file->litmus.program))) +
            '\n';
  }
  if (!run.error.empty()) text += paint(Tone::bad, fmt::format("      {}", run.error)) + '\n';
  if (run.undecided > 0) {
    text += paint(Tone::odd, fmt::format("      {} undecided: {}", counted(run.undecided, "iteration"),
                                         run.reasons.empty() ? "" : run.reasons.front())) +
            '\n';
  }
  return text;
}

std::string share(const KernelRun& run) { return fmt::format("{} of {} rows seen", run.rows_seen(), run.rows_allowed()); }

std::string verdict_word(Verdict verdict, const Paint& paint) {
  switch (verdict) {
    case Verdict::agrees: return paint(Tone::good, "ok  ");
    case Verdict::differs: return paint(Tone::bad, "FAIL");
    case Verdict::unknown: return paint(Tone::odd, "??? ");
    case Verdict::skipped: return paint(Tone::odd, "skip");
  }
  return "";
}

std::size_t count(const std::vector<KernelRun>& runs, Verdict verdict) {
  return static_cast<std::size_t>(
      std::count_if(runs.begin(), runs.end(), [&](const KernelRun& run) { return run.verdict == verdict; }));
}

}  // namespace

std::string kernel_table(const KernelRun& run, const std::string& kernel, const Paint& paint) {
  std::string text = fmt::format("{} on Linux {}, {} (allowed: the model of {})\n\n",
                                 paint(Tone::head, run.file->litmus.program.name), kernel,
                                 counted(run.iterations, "run"), run.model);
  Table table;
  table.add_column("");
  for (const language::Column& column : run.columns) table.add_column(name_of(column, run.file->litmus.program));
  table.add_column("seen", Table::Align::right);
  table.add_column("");
  for (const KernelRun::Row& row : run.rows) {
    const bool seen = row.count > 0;
    const Tone tone = !row.allowed ? Tone::bad : seen ? Tone::plain : Tone::faint;
    std::vector<Cell> cells{{!row.allowed ? "✗" : seen ? "✓" : "·", !row.allowed ? Tone::bad : seen ? Tone::good : Tone::faint}};
    for (const std::string& word : row.words) cells.push_back({word, tone});
    cells.push_back({grouped(row.count), tone});
    cells.push_back({row.allowed ? "" : "outside the table", Tone::bad});
    table.add_row(std::move(cells));
  }
  return text + table.to_text(paint, 1) + '\n' + objections(run, paint);
}

std::string kernel_line(const KernelRun& run, const Paint& paint, std::size_t width) {
  std::string text = fmt::format("{}  {}  ", verdict_word(run.verdict, paint), padded(run.file->shown, width));
  if (!run.skipped.empty()) return text + paint(Tone::faint, run.skipped) + '\n';
  if (run.error.empty()) text += fmt::format("{:>20}  {:>7} runs", share(run), grouped(run.iterations));
  return text + '\n' + objections(run, paint);
}

std::string kernel_summary(const std::vector<KernelRun>& runs, const std::string& kernel, const Paint& paint) {
  std::size_t seen = 0;
  std::size_t allowed = 0;
  for (const KernelRun& run : runs) {
    seen += run.rows_seen();
    allowed += run.rows_allowed();
  }
  std::string text = fmt::format("{} on Linux {}: {} within the model", counted(runs.size(), "file"), kernel,
                                 count(runs, Verdict::agrees));
  const auto add = [&](Verdict verdict, Tone tone, const char* what) {
    if (count(runs, verdict) > 0) text += ", " + paint(tone, fmt::format("{} {}", count(runs, verdict), what));
  };
  add(Verdict::differs, Tone::bad, "not");
  add(Verdict::unknown, Tone::odd, "without an answer");
  add(Verdict::skipped, Tone::odd, "skipped");
  if (allowed > 0) text += fmt::format("; {} of {} rows seen ({} %)", seen, allowed, seen * 100 / allowed);
  return text + '\n';
}

nlohmann::ordered_json kernel_json(const std::vector<KernelRun>& runs, const std::string& kernel,
                                   const std::string& failure) {
  using Json = nlohmann::ordered_json;
  constexpr const char* kVerdicts[] = {"agrees", "differs", "unknown", "skipped"};
  Json json{{"kernel", kernel}};
  if (!failure.empty()) json["failure"] = failure;
  json["files"] = Json::array();
  for (const KernelRun& run : runs) {
    Json file{{"file", run.file->shown}, {"model", run.model}, {"verdict", kVerdicts[static_cast<int>(run.verdict)]}};
    if (!run.skipped.empty()) file["why"] = run.skipped;
    if (!run.error.empty()) file["error"] = run.error;
    file["iterations"] = run.iterations;
    file["undecided"] = run.undecided;
    file["reasons"] = run.reasons;
    file["columns"] = Json::array();
    for (const auto& column : run.columns) file["columns"].push_back(name_of(column, run.file->litmus.program));
    file["rows"] = Json::array();
    for (const KernelRun::Row& row : run.rows) {
      file["rows"].push_back({{"row", row.words}, {"count", row.count}, {"allowed", row.allowed}});
    }
    file["rows_seen"] = run.rows_seen();
    file["rows_allowed"] = run.rows_allowed();
    file["refuted"] = Json::array();
    for (const std::size_t claim : run.refuted) {
      file["refuted"].push_back(claim_text(run.file->litmus.claims[claim], run.file->litmus.program));
    }
    json["files"].push_back(std::move(file));
  }
  return json;
}

}  // namespace cli
