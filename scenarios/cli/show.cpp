// SPDX-License-Identifier: Apache-2.0
// uffdsim show: one interleaving of a litmus file, explained.
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <thread>

#include "scenarios/cli/budget.hpp"
#include "scenarios/cli/against_text.hpp"
#include "scenarios/cli/command.hpp"
#include "scenarios/cli/minimise.hpp"
#include "scenarios/cli/schedule_file.hpp"
#include "scenarios/cli/sheet.hpp"
#include "scenarios/cli/show_json.hpp"
#include "scenarios/cli/show_scene.hpp"
#include "scenarios/cli/show_text.hpp"
#include "scenarios/cli/wrap.hpp"
#include "scenarios/running/parting.hpp"

namespace cli {
namespace {

std::string size_text(const running::Witness& witness) {
  const char* why =
      witness.plainest == running::Witness::Plainest::yes ? ": no run with this outcome has fewer" : "";
  return fmt::format("{}, {}{}\n", counted(witness.schedule.length(), "step"),
                     counted(witness.preemptions, "preemption"), why);
}

std::string again_text(const Scene& scene, const sim::Schedule& schedule, const Paint& paint) {
  return fmt::format("\nThe same again:\n  {}\n", paint(Tone::faint, scene.again(schedule)));
}

Status show_one(const ShowOptions& options, const Scene& scene, Chosen chosen, const Terminal& terminal,
                nlohmann::ordered_json further = nlohmann::ordered_json::object()) {
  const Paint& paint = terminal.paint();
  const Explanation explanation =
      explain(scene.file().litmus, scene.subject(), std::move(chosen.witness), chosen.wanted, options.jobs);
  const sim::Schedule& schedule = explanation.witness.schedule;
  if (options.json) {
    nlohmann::ordered_json json{{"file", scene.file().shown}, {"kernel", scene.kernel().name}};
    if (scene.defect()) json["defect"] = scene.defect()->name;
    json["schedule"] = scene.stamped(schedule);
    json.update(further);
    json.update(explanation_json(explanation));
    terminal.print(json.dump(2) + '\n');
    return Status::holds;
  }
  const auto detail = options.steps ? timeline::Detail::steps : timeline::Detail::runs;
  const std::string title =
      wrapped_block(fmt::format("{}: {}", scene.title(), chosen.row), Sheet::kWidth, 0, 2);
  terminal.print(fmt::format("{}{}\n{}", paint(Tone::head, title), size_text(explanation.witness),
                             ShowText{explanation, detail}.to_text(paint)));
  terminal.print(again_text(scene, schedule, paint));
  return Status::holds;
}

Status show_against(const ShowOptions& options, Scene& scene, Chosen left, const Terminal& terminal) {
  const Chosen right = scene.choose_against(left);
  const auto parting =
      running::part(scene.subject(), left.witness.moves, right.wanted, {.workers = options.jobs});
  if (!parting)
    throw Error(fmt::format("--against '{}': not found from where this run begins", options.against));
  const language::Litmus& litmus = scene.file().litmus;
  const Explanation one = explain(litmus, scene.subject(), std::move(left.witness), {}, options.jobs);
  const Explanation two = explain(litmus, scene.subject(), parting->other, {}, options.jobs);
  if (options.json) {
    nlohmann::ordered_json json{{"file", scene.file().shown}, {"kernel", scene.kernel().name}};
    if (scene.defect()) json["defect"] = scene.defect()->name;
    json["shared"] = parting->shared;
    for (const auto& [side, run] : {std::pair("left", &one), std::pair("right", &two)}) {
      json[side] = explanation_json(*run);
      json[side]["schedule"] = scene.stamped(run->witness.schedule);
    }
    terminal.print(json.dump(2) + '\n');
    return Status::holds;
  }
  const Paint& paint = terminal.paint();
  const AgainstText text{one, two, parting->shared, left.row, right.row};
  terminal.print(fmt::format("{}\n\n{}", paint(Tone::head, scene.title()), text.to_text(paint)));
  terminal.print(again_text(scene, one.witness.schedule, paint) +
                 fmt::format("  {}\n", paint(Tone::faint, scene.again(two.witness.schedule))));
  return Status::holds;
}

std::string minimised_text(const Minimised& small, const Paint& paint) {
  std::string text =
      fmt::format("{} of {} are left, after {}{}. Left out:\n", small.operations,
                  counted(small.operations_before, "operation"), counted(small.explorations, "exploration"),
                  small.end == Minimised::End::bound
                      ? ", which are used up (--explorations)"
                      : ": without any one of the rest it does not happen, or not for this reason");
  if (small.left_out.empty()) text += "  nothing\n";
  for (const std::string& part : small.left_out) text += fmt::format("  {}\n", part);
  return fmt::format("{}\n{}\n", text, paint(Tone::faint, small.text));
}

nlohmann::ordered_json minimised_json(const Minimised& small) {
  return {{"litmus", small.text},
          {"left_out", small.left_out},
          {"operations_before", small.operations_before},
          {"operations", small.operations},
          {"explorations", small.explorations},
          {"finished", small.end == Minimised::End::nothing_left}};
}

// Then shows the run to the same outcome in what is left.
Status show_minimised(const ShowOptions& options, const Scene& scene, const Chosen& chosen,
                      const Terminal& terminal) {
  if (!chosen.asked) throw Error("the schedule given does not end: there is no outcome to minimise");
  running::Plan plan{.kernel = &scene.kernel(), .defect = scene.defect()};
  plan.effort.workers = options.jobs;
  plan.effort.budget = bounds_of({}).budget;
  const Minimised small = minimise(scene.file().litmus, *chosen.asked, plan, options.explorations);
  if (!options.save.empty()) write_whole(options.save, small.text);
  const std::string name = options.save.empty() ? "minimised.litmus" : options.save;
  Scene less(scene, LitmusFile{name, name, small.litmus});
  Chosen again = less.choose(Wanted::where(chosen.asked->claim(scene.file().litmus), small.litmus));
  if (options.json)
    return show_one(options, less, std::move(again), terminal, {{"minimised", minimised_json(small)}});
  terminal.print(fmt::format("{}\n{}", terminal.paint()(Tone::head, scene.title()),
                             minimised_text(small, terminal.paint())));
  if (options.save.empty()) {
    terminal.print(
        "(--save minimised.litmus writes this file, on which the last line of what follows can be "
        "used.)\n\n");
  }
  return show_one(options, less, std::move(again), terminal);
}

Status show(const ShowOptions& options, const Terminal& terminal) {
  Scene scene(options);
  Chosen chosen = scene.choose();
  if (options.minimise) return show_minimised(options, scene, chosen, terminal);
  if (!options.save.empty()) {
    write_schedule_file(options.save, {.litmus = scene.file().path,
                                       .outcome = chosen.row,
                                       .schedule = scene.stamped(chosen.witness.schedule)});
  }
  if (!options.against.empty()) return show_against(options, scene, std::move(chosen), terminal);
  return show_one(options, scene, std::move(chosen), terminal);
}

}  // namespace

void add_show(CLI::App& app, Action& chosen) {
  auto options = std::make_shared<ShowOptions>();
  options->jobs = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  CLI::App* command = app.add_subcommand("show", "one interleaving of a litmus file, explained");
  command->add_option("FILE", options->file, "a litmus file, or a schedule file that --save wrote")
      ->required();
  CLI::Option_group* what = command->add_option_group("What to show", "by default what fails");
  what->add_option("--outcome", options->outcome, "the words of a row: the plainest way to it is shown");
  what->add_option("--where", options->where, "as in a claim, say: reader blocked and x missing");
  what->add_option("--schedule", options->schedule, "a schedule, as this command and explore print it");
  what->require_option(0, 1);
  command->add_option("--against", options->against,
                      "another outcome, as a row or as in a claim: both, side by side");
  command->add_option(
      "--kernel", options->kernel,
      fmt::format("which kernel to simulate [{}, or the schedule's]", model::default_kernel().name));
  command->add_option("--defect", options->defect, "a bug that kernels once had: uffdsim list defects");
  command->add_option("--jobs", options->jobs, "host threads for finding the outcome")
      ->check(CLI::Range(1, 1024));
  CLI::Option* minimise = command->add_flag("--minimise", options->minimise,
                                            "first leave out of the program what the outcome does not need");
  minimise->excludes("--against");
  command->add_option("--explorations", options->explorations, "how many of them --minimise may make")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  command->add_option("--save", options->save,
                      "write the run into a schedule file, or what --minimise left into a litmus file");
  command->add_flag("--steps", options->steps, "every scheduling point, instead of what is worth telling");
  command->add_flag("--json", options->json, "one JSON document instead of text");
  command->callback([&chosen, options] {
    chosen = [options](const Terminal& terminal) { return show(*options, terminal); };
  });
}

}  // namespace cli
