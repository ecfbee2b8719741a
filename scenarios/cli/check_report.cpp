// SPDX-License-Identifier: Apache-2.0
#include "scenarios/cli/check_report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>

#include "scenarios/cli/check_text.hpp"
#include "scenarios/cli/run_json.hpp"

namespace cli {

using Verdict = CheckedFile::Verdict;

void CheckReport::tell(const CheckedFile& checked) {
  ++told_;
  ++counts_[checked.verdict()];
  for (std::size_t i = 1; i < checked.plans.size(); ++i) {
    const model::Defect& defect = *checked.plans[i].defect;
    bool& known = defects_[defect.name];
    known = known || checked.tells(defect);
  }
  tell_file(checked);
}

Status CheckReport::end(Scope scope, double seconds) {
  tell_end(scope, seconds);
  if (count(Verdict::fails) > 0) return Status::fails;
  return count(Verdict::stopped) > 0 ? Status::stopped : Status::holds;
}

std::size_t CheckReport::count(Verdict verdict) const {
  const auto found = counts_.find(verdict);
  return found == counts_.end() ? 0 : found->second;
}

std::vector<std::string> CheckReport::defects_told() const {
  std::vector<std::string> names;
  for (const auto& [name, told] : defects_) {
    if (told) names.push_back(name);
  }
  return names;
}

std::vector<std::string> CheckReport::defects_untold() const {
  std::vector<std::string> names;
  for (const model::Defect* defect : model::defects()) {
    const auto found = defects_.find(defect->name);
    if (found == defects_.end() || !found->second) names.emplace_back(defect->name);
  }
  return names;
}

namespace {

class TextReport : public CheckReport {
 public:
  using CheckReport::CheckReport;

  void begin(const std::vector<CheckedFile>& files) override {
    for (const CheckedFile& checked : files) width_ = std::max(width_, width_of(checked.file->shown));
  }

 private:
  void tell_file(const CheckedFile& checked) override {
    terminal().print(file_line(checked, paint(), width_));
    for (const std::string& objection : objections(checked)) terminal().print("      " + objection + '\n');
  }

  void tell_end(Scope scope, double seconds) override {
    std::string text = fmt::format("\n{}: {} hold", counted(told(), "file"), count(Verdict::holds));
    const auto add = [&](Verdict verdict, Tone tone, const char* what) {
      if (count(verdict) > 0) text += ", " + paint()(tone, fmt::format("{} {}", count(verdict), what));
    };
    add(Verdict::fails, Tone::bad, count(Verdict::fails) == 1 ? "fails" : "fail");
    add(Verdict::stopped, Tone::odd, "not finished");
    add(Verdict::skipped, Tone::odd, "skipped");
    text += paint()(Tone::faint, fmt::format("   {:.1f} s", seconds)) + '\n';
    if (scope == Scope::corpus) {
      const std::vector<std::string> missing = defects_untold();
      text += missing.empty() ? fmt::format("every defect is told from the healthy kernel: {}\n",
                                            fmt::join(defects_told(), ", "))
                              : paint()(Tone::odd, fmt::format("no file here tells these defects from the healthy kernel: {}\n",
                                                               fmt::join(missing, ", ")));
    }
    terminal().print(text);
  }

  std::size_t width_ = 0;
};

class KtapReport : public CheckReport {
 public:
  using CheckReport::CheckReport;

  void begin(const std::vector<CheckedFile>& files) override {
    terminal().print(fmt::format("KTAP version 1\n1..{}\n", files.size()));
  }

 private:
  // Diagnostics stand before the result they belong to.
  void tell_file(const CheckedFile& checked) override {
    for (const std::string& objection : objections(checked)) terminal().print("# " + objection + '\n');
    const bool ok = checked.verdict() == Verdict::holds || checked.verdict() == Verdict::skipped;
    std::string line = fmt::format("{} {} {}", ok ? "ok" : "not ok", told(), checked.file->shown);
    if (!checked.skipped.empty()) line += fmt::format(" # SKIP {}", checked.skipped);
    if (checked.verdict() == Verdict::stopped) line += " # stopped before it was done";
    terminal().print(line + '\n');
  }

  void tell_end(Scope scope, double) override {
    if (scope == Scope::corpus && !defects_untold().empty()) {
      terminal().print(fmt::format("# no file here tells: {}\n", fmt::join(defects_untold(), ", ")));
    }
    terminal().print(fmt::format("# pass:{} fail:{} skip:{}\n", count(Verdict::holds),
                                 count(Verdict::fails) + count(Verdict::stopped), count(Verdict::skipped)));
  }
};

class JsonReport : public CheckReport {
 public:
  using CheckReport::CheckReport;
  using Json = nlohmann::ordered_json;

  void begin(const std::vector<CheckedFile>&) override { json_["files"] = Json::array(); }

 private:
  void tell_file(const CheckedFile& checked) override {
    constexpr const char* kVerdicts[] = {"holds", "fails", "skipped", "stopped"};
    Json file{{"file", checked.file->shown}, {"verdict", kVerdicts[static_cast<int>(checked.verdict())]}};
    if (!checked.skipped.empty()) file["why"] = checked.skipped;
    file["objections"] = objections(checked);
    file["runs"] = Json::array();
    for (std::size_t i = 0; i < checked.runs.size(); ++i) {
      file["runs"].push_back(run_json(checked.file->litmus, checked.plans[i], checked.runs[i]));
    }
    json_["files"].push_back(std::move(file));
  }

  void tell_end(Scope, double) override {
    json_["summary"] = {{"files", told()},
                        {"hold", count(Verdict::holds)},
                        {"fail", count(Verdict::fails)},
                        {"stopped", count(Verdict::stopped)},
                        {"skipped", count(Verdict::skipped)},
                        {"defects_told", defects_told()},
                        {"defects_not_told", defects_untold()}};
    terminal().print(json_.dump(2) + '\n');
  }

  Json json_;
};

}  // namespace

std::unique_ptr<CheckReport> text_report(const Terminal& terminal) { return std::make_unique<TextReport>(terminal); }
std::unique_ptr<CheckReport> ktap_report(const Terminal& terminal) { return std::make_unique<KtapReport>(terminal); }
std::unique_ptr<CheckReport> json_report(const Terminal& terminal) { return std::make_unique<JsonReport>(terminal); }

}  // namespace cli
