// SPDX-License-Identifier: Apache-2.0
#include "scenarios/cli/check_text.hpp"

#include <fmt/format.h>

#include <sstream>

#include "scenarios/cli/claim_text.hpp"
#include "scenarios/cli/outcome_text.hpp"
#include "scenarios/cli/shell.hpp"
#include "scenarios/running/stamp.hpp"
#include "scenarios/timeline/last_words.hpp"

namespace cli {
namespace {

using Lines = std::vector<std::string>;

// Objections to one run of a file.
class Objections {
 public:
  Objections(const CheckedFile& checked, std::size_t run, Lines& lines)
      : file_(*checked.file), plan_(checked.plans[run]), run_(checked.runs[run]), lines_(lines) {}

  void collect() {
    for (const language::Words& words : run_.verdict.unexpected) tell_unexpected(words);
    if (run_.coverage.complete()) {
      for (const std::size_t row : run_.verdict.unreached) tell_unreached(row);
    }
    for (const language::Verdict::Judged& judged : run_.verdict.claims) {
      if (judged.truth == language::Truth::fails) tell_claim(judged);
    }
    std::istringstream findings(findings_text(run_.findings));
    for (std::string line; std::getline(findings, line);) lines_.push_back(line);
  }

 private:
  std::string at(int line) const { return fmt::format("{}:{}", file_.shown, line); }

  void tell_unexpected(const language::Words& words) {
    lines_.push_back(fmt::format("a row that the table does not allow: {}", words_text(words)));
    tell_witness(words);
  }

  void tell_unreached(std::size_t row) {
    const language::Row& missing = file_.litmus.rows[row];
    lines_.push_back(fmt::format("{}: this row is never reached: {}", at(missing.line), words_text(missing.words)));
  }

  void tell_claim(const language::Verdict::Judged& judged) {
    const language::Claim& claim = file_.litmus.claims[judged.claim];
    lines_.push_back(fmt::format("{}: does not hold: {}", at(claim.line), claim_text(claim, file_.litmus.program)));
    if (judged.witness) {
      tell_witness(*judged.witness);
    } else {
      lines_.push_back("  no outcome is like that");
    }
  }

  void tell_witness(const language::Words& words) {
    const running::Line* line = run_.find(words);
    if (!line) return;
    lines_.push_back(fmt::format("  {}", ending_text(line->reached, file_.litmus.program)));
    const running::LitmusSubject subject(file_.litmus, *plan_.kernel, plan_.defect);
    for (const std::string& wait : timeline::waits_after(subject.program_subject(), line->outcome.witness)) {
      lines_.push_back("  " + wait);
    }
    const sim::Schedule& schedule = line->outcome.witness;
    const running::Stamp stamp = running::stamp_of(file_.litmus, subject, schedule);
    lines_.push_back(fmt::format("  uffdsim show {} --schedule {}", quoted(file_.shown),
                                 quoted(running::to_text(stamp, schedule))));
  }

  const LitmusFile& file_;
  const running::Plan& plan_;
  const running::ModelRun& run_;
  Lines& lines_;
};

std::string verdict_word(const CheckedFile& checked, const Paint& paint) {
  switch (checked.verdict()) {
    case CheckedFile::Verdict::holds: return paint(Tone::good, "ok  ");
    case CheckedFile::Verdict::fails: return paint(Tone::bad, "FAIL");
    case CheckedFile::Verdict::skipped: return paint(Tone::odd, "skip");
    case CheckedFile::Verdict::stopped: return paint(Tone::odd, "??? ");
  }
  return "";
}

}  // namespace

std::string file_line(const CheckedFile& checked, const Paint& paint, std::size_t width) {
  std::string text = fmt::format("{}  {}  ", verdict_word(checked, paint), padded(checked.file->shown, width));
  if (!checked.skipped.empty()) return text + paint(Tone::faint, checked.skipped) + '\n';
  text += fmt::format("{:>3} outcomes  {:>9} worlds", checked.runs.front().lines.size(), grouped(checked.worlds()));
  for (std::size_t i = 1; i < checked.plans.size(); ++i) {
    const model::Defect& defect = *checked.plans[i].defect;
    const bool told = checked.tells(defect);
    text += fmt::format("  {}", paint(told ? Tone::plain : Tone::bad,
                                      fmt::format("{} {}", told ? "tells" : "does not tell", defect.name)));
  }
  for (const running::ModelRun& run : checked.runs) {
    if (run.coverage.complete()) continue;
    text += "  " + paint(Tone::odd, shortfall_text(run.coverage));
    break;
  }
  return text + '\n';
}

std::vector<std::string> objections(const CheckedFile& checked) {
  Lines lines;
  for (std::size_t i = 0; i < checked.runs.size(); ++i) Objections(checked, i, lines).collect();
  for (const std::size_t claim : checked.idle_claims()) {
    const language::Claim& idle = checked.file->litmus.claims[claim];
    lines.push_back(fmt::format("{}:{}: shows nothing, because the healthy kernel does it too: {}", checked.file->shown,
                                idle.line, claim_text(idle, checked.file->litmus.program)));
  }
  return lines;
}

}  // namespace cli
