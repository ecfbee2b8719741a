// SPDX-License-Identifier: Apache-2.0
// uffdsim check: every litmus file under the given paths, against what it claims.
#include <fmt/format.h>

#include <chrono>
#include <thread>

#include "scenarios/cli/budget.hpp"
#include "scenarios/cli/check_crew.hpp"
#include "scenarios/cli/check_report.hpp"
#include "scenarios/cli/command.hpp"
#include "scenarios/cli/interruption.hpp"
#include "scenarios/cli/named.hpp"
#include "scenarios/cli/progress.hpp"

namespace cli {
namespace {

struct Options {
  std::vector<std::string> paths;
  std::string kernel = model::default_kernel().name;
  int jobs = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  std::vector<std::string> budget;
  bool json = false;
  bool ktap = false;
};

std::unique_ptr<CheckReport> report_for(const Options& options, const Terminal& terminal) {
  if (options.json) return json_report(terminal);
  if (options.ktap) return ktap_report(terminal);
  return text_report(terminal);
}

// A program that cannot be set up is bad input: nothing is explored then.
void check_setup(const std::vector<CheckedFile>& files) {
  std::string wrong;
  for (const CheckedFile& checked : files) {
    if (!checked.skipped.empty()) continue;
    const running::LitmusSubject subject(checked.file->litmus, *checked.plans.front().kernel, nullptr);
    const std::string failure = traces::setup_failure(subject.prepared());
    if (failure.empty()) continue;
    wrong += fmt::format("{}{}: {} on {}", wrong.empty() ? "" : "\n", checked.file->shown, failure,
                         checked.plans.front().kernel->name);
  }
  if (!wrong.empty()) throw Error(wrong);
}

Status check(const Options& options, const Terminal& terminal) {
  const Bounds bounds = bounds_of(options.budget);
  const Interruption interruption(bounds.seconds);
  running::Plan plan{.kernel = &kernel_named(options.kernel)};
  plan.effort.budget = bounds.budget;
  plan.effort.stop = interruption.flag();

  const std::vector<LitmusFile> files = read_litmus_files(options.paths);
  std::vector<CheckedFile> checks;
  for (const LitmusFile& file : files) checks.push_back(to_check(file, plan));
  check_setup(checks);

  ProgressLine progress(terminal);
  const auto begun = std::chrono::steady_clock::now();
  const std::unique_ptr<CheckReport> report = report_for(options, terminal);
  report->begin(checks);
  run_checks(checks, options.jobs, interruption.flag(), [&](std::size_t done) {
    progress.clear();
    report->tell(checks[done]);
    progress.show(fmt::format("{} of {} files", done + 1, checks.size()));
  });
  progress.clear();
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begun;
  const auto scope = std::any_of(options.paths.begin(), options.paths.end(),
                                 [](const std::string& path) { return std::filesystem::is_directory(path); })
                         ? CheckReport::Scope::corpus
                         : CheckReport::Scope::files;
  return report->end(scope, taken.count());
}

}  // namespace

void add_check(CLI::App& app, Action& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("check", "explore every litmus file under PATH and compare with what it claims");
  command->add_option("PATH", options->paths, "litmus files, and folders of them")->required();
  command->add_option("--kernel", options->kernel, "which kernel to simulate")->capture_default_str();
  command->add_option("--jobs", options->jobs, "files at a time")->check(CLI::Range(1, 1024));
  command
      ->add_option("--budget", options->budget,
                   "when to stop: worlds=N, mebibytes=N for each exploration, seconds=N for all of them")
      ->delimiter(',');
  CLI::Option* json = command->add_flag("--json", options->json, "one JSON document instead of text");
  command->add_flag("--ktap", options->ktap, "KTAP, as kernel test tools read it")->excludes(json);
  command->callback([&chosen, options] {
    chosen = [options](const Terminal& terminal) { return check(*options, terminal); };
  });
}

}  // namespace cli
