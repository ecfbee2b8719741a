// SPDX-License-Identifier: Apache-2.0
// uffdsim explore: every outcome of one litmus file.
#include <fmt/format.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "scenarios/cli/budget.hpp"
#include "scenarios/cli/command.hpp"
#include "scenarios/cli/explore_text.hpp"
#include "scenarios/cli/files.hpp"
#include "scenarios/cli/interruption.hpp"
#include "scenarios/cli/named.hpp"
#include "scenarios/cli/progress.hpp"
#include "scenarios/cli/run_json.hpp"

namespace cli {
namespace {

struct Options {
  std::string file;
  std::string kernel = model::default_kernel().name;
  std::string defect;
  std::string strategy = "every-world";
  std::uint64_t seed = 1;
  std::uint64_t walks = 10000;
  std::uint32_t depth = 3;
  int jobs = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  std::vector<std::string> budget;
  bool witnesses = false;
  bool json = false;
};

running::Plan plan_of(const Options& options) {
  return {.kernel = &kernel_named(options.kernel),
          .defect = defect_named(options.defect),
          .strategy = strategy_named(options.strategy),
          .seed = options.seed,
          .walks = options.walks,
          .depth = options.depth,
          .effort = {.workers = options.jobs}};
}

// A failed claim is certain however little was covered; otherwise too little is no verdict.
Status status_of(const running::ModelRun& run) {
  if (!run.holds()) return Status::fails;
  const sim::Limit limit = run.coverage.limit;
  return limit == sim::Limit::none || limit == sim::Limit::sample ? Status::holds : Status::stopped;
}

Status explore(const Options& options, const Terminal& terminal) {
  running::Plan plan = plan_of(options);
  const Bounds bounds = bounds_of(options.budget);
  const LitmusFile file = read_litmus_file(options.file);
  const Interruption interruption(bounds.seconds);
  ProgressLine progress(terminal);
  plan.effort.budget = bounds.budget;
  plan.effort.stop = interruption.flag();
  plan.effort.progress = [&](const sim::Progress& how_far) { progress.show(how_far); };

  const auto begun = std::chrono::steady_clock::now();
  const running::ModelRun run = running::run_on_model(file.litmus, plan);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begun;
  progress.clear();
  if (!run.setup_failure.empty()) throw Error(fmt::format("{}: {}", file.shown, run.setup_failure));
  if (options.json) {
    nlohmann::ordered_json json = run_json(file.litmus, plan, run);
    json["file"] = file.shown;
    terminal.print(json.dump(2) + '\n');
    return status_of(run);
  }
  const ExploreText text{.file = file, .plan = plan, .run = run, .seconds = taken.count()};
  const auto witnesses = options.witnesses ? ExploreText::Witnesses::all : ExploreText::Witnesses::none;
  terminal.print(text.to_text(terminal.paint(), witnesses));
  if (interruption.out_of_time()) terminal.complain("uffdsim: the budget of seconds was used up\n");
  return status_of(run);
}

}  // namespace

void add_explore(CLI::App& app, Action& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("explore", "every outcome of a litmus file, and what leads to each");
  command->add_option("FILE", options->file, "a litmus file")->required();
  command->add_option("--kernel", options->kernel, "which kernel to simulate")->capture_default_str();
  command->add_option("--defect", options->defect, "a bug that kernels once had: uffdsim list defects");
  command->add_option("--strategy", options->strategy, "how to look: uffdsim list strategies")->capture_default_str();
  command->add_option("--seed", options->seed, "of random-walk and priorities")->capture_default_str();
  command->add_option("--walks", options->walks, "executions of random-walk and priorities")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  command->add_option("--depth", options->depth, "of priorities: so many steps must come in one order")
      ->capture_default_str()
      ->check(CLI::Range(1, 64));
  command->add_option("--jobs", options->jobs, "host threads; the result does not depend on it")
      ->check(CLI::Range(1, 1024));
  command
      ->add_option("--budget", options->budget, "when to stop: worlds=N, executions=N, seconds=N, mebibytes=N, steps=N")
      ->delimiter(',');
  command->add_flag("--witnesses", options->witnesses, "print a schedule for every outcome");
  command->add_flag("--json", options->json, "one JSON document instead of text");
  command->callback([&chosen, options] {
    chosen = [options](const Terminal& terminal) { return explore(*options, terminal); };
  });
}

}  // namespace cli
