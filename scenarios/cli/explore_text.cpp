// SPDX-License-Identifier: Apache-2.0
#include "scenarios/cli/explore_text.hpp"

#include <fmt/format.h>

#include "scenarios/cli/claim_text.hpp"
#include "scenarios/cli/outcome_text.hpp"
#include "scenarios/cli/shell.hpp"
#include "scenarios/cli/table.hpp"
#include "scenarios/language/column.hpp"

namespace cli {
namespace {

using running::Line;

Cell ending_cell(const Line& line, const traces::Program& program) {
  const bool bug = line.outcome.ending == sim::Ending::bug;
  const bool finished = line.outcome.ending == sim::Ending::finished;
  return {ending_text(line.reached, program), bug ? Tone::bad : finished ? Tone::plain : Tone::odd};
}

}  // namespace

std::string ExploreText::to_text(const Paint& paint, Witnesses witnesses) const {
  std::string text = title(paint) + '\n' + table(paint) + '\n';
  if (witnesses == Witnesses::all) text += schedules(paint) + '\n';
  text += claims(paint) + summary(paint);
  if (witnesses == Witnesses::none) text += where_to_look(paint);
  return text + findings_text(run.findings);
}

std::string ExploreText::title(const Paint& paint) const {
  std::string where = fmt::format("on the model of Linux {}", plan.kernel->name);
  if (plan.defect) where += fmt::format(" with {}", plan.defect->name);
  return fmt::format("{} {}\n", paint(Tone::head, file.litmus.program.name), where);
}

std::vector<std::size_t> ExploreText::shown() const {
  std::vector<std::size_t> columns;
  for (std::size_t i = 0; i < run.columns.size(); ++i) {
    const bool in_table = i < file.litmus.columns.size();
    if (in_table || run.columns[i].kind != language::Column::Kind::thread_end) columns.push_back(i);
  }
  return columns;
}

language::Words ExploreText::row(const Line& line) const {
  language::Words words;
  for (const std::size_t i : shown()) words.push_back(line.reached.words[i]);
  return words;
}

std::string ExploreText::table(const Paint& paint) const {
  Table table;
  table.add_column("");
  for (const std::size_t i : shown()) table.add_column(name_of(run.columns[i], file.litmus.program));
  const bool by_worlds = run.totals.worlds > 0;
  table.add_column(by_worlds ? "worlds" : "executions", Table::Align::right);
  table.add_column("ended");
  for (const Line& line : run.lines) {
    const bool unexpected = has_table() && line.row < 0;
    std::vector<Cell> cells{{!has_table() ? " " : unexpected ? "✗" : "✓", unexpected ? Tone::bad : Tone::good}};
    for (const std::string& word : row(line)) cells.push_back({word, unexpected ? Tone::bad : Tone::plain});
    cells.push_back({grouped(by_worlds ? line.outcome.worlds : line.outcome.executions)});
    cells.push_back(ending_cell(line, file.litmus.program));
    if (unexpected) cells.back().text += "   not in the file's table";
    table.add_row(std::move(cells));
  }
  for (const std::size_t row : run.verdict.unreached) {
    const language::Row& missing = file.litmus.rows[row];
    std::vector<Cell> cells{{"?", Tone::odd}};
    for (const std::string& word : missing.words) cells.push_back({word, Tone::faint});
    while (cells.size() < shown().size() + 1) cells.push_back({"", Tone::faint});
    cells.push_back({"0", Tone::faint});
    const char* what = run.coverage.complete() ? "never reached" : "not reached yet";
    cells.push_back({fmt::format("{} (line {})", what, missing.line), Tone::odd});
    table.add_row(std::move(cells));
  }
  return table.to_text(paint, 1);
}

std::string ExploreText::schedules(const Paint& paint) const {
  std::string text;
  for (const Line& line : run.lines) {
    text += fmt::format("  {}, {}\n    {}\n", words_text(row(line)),
                        ending_text(line.reached, file.litmus.program),
                        paint(Tone::faint, sim::to_text(line.outcome.witness)));
    if (line.outcome.cycle.choices.empty()) continue;
    text += fmt::format("    and then for ever: {}\n", paint(Tone::faint, sim::to_text(line.outcome.cycle)));
  }
  return text;
}

std::string ExploreText::claims(const Paint& paint) const {
  std::string text;
  for (const language::Verdict::Judged& judged : run.verdict.claims) {
    using language::Truth;
    const char* const mark = judged.truth == Truth::holds ? "✓" : judged.truth == Truth::fails ? "✗" : "?";
    const Tone tone = judged.truth == Truth::holds ? Tone::good : judged.truth == Truth::fails ? Tone::bad : Tone::odd;
    text += fmt::format(" {}  {}", paint(tone, mark), claim_text(file.litmus.claims[judged.claim], file.litmus.program));
    if (judged.truth == Truth::open) text += paint(Tone::odd, "   (not enough was seen to tell)");
    if (judged.truth == Truth::fails && judged.witness) text += "   but: " + words_text(*judged.witness);
    text += '\n';
  }
  return text.empty() ? "" : text + '\n';
}

std::string ExploreText::summary(const Paint& paint) const {
  std::string text = counted(run.lines.size(), "outcome");
  if (has_table()) {
    const std::size_t odd = run.verdict.unexpected.size();
    text += odd == 0 ? ", none unexpected" : fmt::format(", {} unexpected", odd);
    if (run.coverage.complete() && !run.verdict.unreached.empty()) {
      text += fmt::format(", {} never reached", counted(run.verdict.unreached.size(), "row"));
    }
  }
  text = paint(run.holds() ? Tone::good : Tone::bad, text);
  const std::string shortfall = shortfall_text(run.coverage);
  if (!shortfall.empty()) text += "; " + paint(Tone::odd, shortfall);
  return fmt::format("{}\n{}\n", text, paint(Tone::faint, fmt::format("{}, {:.3f} s", totals_text(run.totals), seconds)));
}

std::string ExploreText::where_to_look(const Paint& paint) const {
  const Line* odd = nullptr;
  for (const Line& line : run.lines) {
    const bool unexpected = has_table() && line.row < 0;
    const bool odd_is_unexpected = odd && has_table() && odd->row < 0;
    if (unexpected ? !odd_is_unexpected : !odd && line.outcome.ending != sim::Ending::finished) odd = &line;
  }
  if (!odd && !run.lines.empty()) odd = &run.lines.back();
  if (!odd) return "";
  language::Words words = odd->reached.words;
  if (!file.litmus.columns.empty()) words.resize(file.litmus.columns.size());
  std::string command = fmt::format("uffdsim show {} --outcome {}", quoted(file.shown), quoted(words_text(words)));
  if (plan.kernel != &model::default_kernel()) command += fmt::format(" --kernel {}", plan.kernel->name);
  if (plan.defect) command += fmt::format(" --defect {}", plan.defect->name);
  return paint(Tone::faint, fmt::format("to see one happen: {}", command)) + '\n';
}

}  // namespace cli
