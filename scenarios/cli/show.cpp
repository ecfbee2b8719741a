// SPDX-License-Identifier: Apache-2.0
// uffdsim show: one interleaving of a litmus file as a timeline.
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <thread>

#include "scenarios/cli/claim_text.hpp"
#include "scenarios/cli/command.hpp"
#include "scenarios/cli/files.hpp"
#include "scenarios/cli/interruption.hpp"
#include "scenarios/cli/named.hpp"
#include "scenarios/cli/outcome_text.hpp"
#include "scenarios/cli/progress.hpp"
#include "scenarios/cli/shell.hpp"
#include "scenarios/cli/show_json.hpp"
#include "scenarios/cli/show_text.hpp"
#include "scenarios/cli/wanted.hpp"

namespace cli {
namespace {

struct Options {
  std::string file;
  std::string outcome;
  std::string where;
  std::string schedule;
  std::string kernel = model::default_kernel().name;
  std::string defect;
  int jobs = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  bool steps = false;
  bool json = false;
};

// What is to be shown, and where it came from.
struct Chosen {
  sim::Schedule schedule;
  std::size_t repeats_from = 0;  // as in ShowText
  std::string title;
};

std::string outcomes_text(const running::ModelRun& run, const traces::Program& program) {
  std::string text;
  for (const running::Line& line : run.lines) {
    text += fmt::format("\n  {}   {}", words_text(line.reached.words), ending_text(line.reached, program));
  }
  return text;
}

// Everything is explored, so what is found is a shortest way to it.
running::ModelRun explore(const Options& options, const LitmusFile& file, const Terminal& terminal) {
  const Interruption interruption;
  ProgressLine progress(terminal);
  running::Plan plan{.kernel = &kernel_named(options.kernel), .defect = defect_named(options.defect)};
  plan.effort.workers = options.jobs;
  plan.effort.stop = interruption.flag();
  plan.effort.progress = [&](const sim::Progress& how_far) { progress.show(how_far); };
  return running::run_on_model(file.litmus, plan);
}

Chosen chosen_line(const running::Line& line) {
  Chosen chosen{.schedule = line.outcome.witness, .title = words_text(line.reached.words)};
  if (line.outcome.cycle.choices.empty()) return chosen;
  chosen.repeats_from = chosen.schedule.length();
  for (const sim::Choice& choice : line.outcome.cycle.choices) chosen.schedule.choices.push_back(choice);
  return chosen;
}

Chosen find_outcome(const Options& options, const LitmusFile& file, const Terminal& terminal) {
  const Wanted wanted = options.where.empty() ? Wanted::row(options.outcome, file.litmus)
                                              : Wanted::where(options.where, file.litmus);
  const running::ModelRun run = explore(options, file, terminal);
  for (const running::Line& line : run.lines) {
    if (wanted.is(line)) return chosen_line(line);
  }
  const std::string shortfall = shortfall_text(run.coverage);
  throw Error(fmt::format("no outcome of {} is like that{}; there are:{}", file.shown,
                          shortfall.empty() ? "" : fmt::format(" ({})", shortfall),
                          outcomes_text(run, file.litmus.program)));
}

Chosen parse_chosen(const Options& options) {
  auto schedule = sim::parse_schedule(options.schedule);
  if (!schedule) throw Error("--schedule: " + schedule.error());
  return {.schedule = std::move(*schedule), .title = "the schedule given"};
}

std::string again(const Options& options, const sim::Schedule& schedule) {
  std::string text = fmt::format("uffdsim show {}", quoted(options.file));
  if (options.kernel != model::default_kernel().name) text += " --kernel " + options.kernel;
  if (!options.defect.empty()) text += " --defect " + options.defect;
  return text + " --schedule " + quoted(to_text(schedule));
}

Status show(const Options& options, const Terminal& terminal) {
  const model::Kernel& kernel = kernel_named(options.kernel);
  const model::Defect* defect = defect_named(options.defect);
  const LitmusFile file = read_litmus_file(options.file);
  const running::LitmusSubject subject(file.litmus, kernel, defect);
  const std::string failure = traces::setup_failure(subject.prepared());
  if (!failure.empty()) throw Error(fmt::format("{}: {}", file.shown, failure));
  const Chosen chosen = options.schedule.empty() ? find_outcome(options, file, terminal) : parse_chosen(options);
  const auto telling = timeline::tell(file.litmus, subject.program_subject(), chosen.schedule);
  if (!telling) throw Error(sim::to_text(telling.error()));
  if (options.json) {
    nlohmann::ordered_json json{{"file", file.shown}, {"kernel", kernel.name}};
    if (defect) json["defect"] = defect->name;
    json["schedule"] = sim::to_text(chosen.schedule);
    if (chosen.repeats_from > 0) json["repeats_from"] = chosen.repeats_from;
    json.update(telling_json(*telling));
    terminal.print(json.dump(2) + '\n');
    return Status::holds;
  }
  const Paint& paint = terminal.paint();
  const auto detail = options.steps ? timeline::Detail::steps : timeline::Detail::runs;
  const ShowText text{file.litmus, *telling, detail, chosen.repeats_from};
  const std::string where = fmt::format("on the model of Linux {}{}{}", kernel.name, defect ? " with " : "",
                                        defect ? defect->name : "");
  terminal.print(fmt::format("{} {}: {}\n\n{}\n{}\n  {}\n", paint(Tone::head, file.litmus.program.name), where,
                             chosen.title, text.to_text(paint), "The same again:",
                             paint(Tone::faint, again(options, chosen.schedule))));
  return Status::holds;
}

}  // namespace

void add_show(CLI::App& app, Action& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("show", "one interleaving of a litmus file as a timeline");
  command->add_option("FILE", options->file, "a litmus file")->required();
  CLI::Option_group* what = command->add_option_group("What to show");
  what->add_option("--outcome", options->outcome, "the words of a row: a shortest way to it is shown");
  what->add_option("--where", options->where, "as in a claim, say: reader blocked and x missing");
  what->add_option("--schedule", options->schedule, "a schedule, as this command and explore print it");
  what->require_option(1);
  command->add_option("--kernel", options->kernel, "which kernel to simulate")->capture_default_str();
  command->add_option("--defect", options->defect, "a bug that kernels once had: uffdsim list defects");
  command->add_option("--jobs", options->jobs, "host threads for finding the outcome")->check(CLI::Range(1, 1024));
  command->add_flag("--steps", options->steps, "every scheduling point, instead of what is worth telling");
  command->add_flag("--json", options->json, "one JSON document instead of text");
  command->callback([&chosen, options] {
    chosen = [options](const Terminal& terminal) { return show(*options, terminal); };
  });
}

}  // namespace cli
