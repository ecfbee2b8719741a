// SPDX-License-Identifier: Apache-2.0
// uffdsim replay: a trace again, on the model or on the kernel of this machine.
#include "traces/replay/replay.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "scenarios/cli/command.hpp"
#include "scenarios/cli/named.hpp"
#include "traces/kernel/availability.hpp"
#include "traces/kernel/kernel_machine.hpp"
#include "traces/model/machine.hpp"

namespace cli {
namespace {

struct Options {
  std::string trace;
  std::string on = "model";
  std::string kernel = model::default_kernel().name;
  bool json = false;
};

std::unique_ptr<traces::Machine> model_machine(const traces::Program& program, const model::Kernel& kernel) {
  const std::string failure = traces::setup_failure(traces::PreparedProgram(program, kernel));
  if (!failure.empty()) throw Error(fmt::format("the model of {}: {}", kernel.name, failure));
  return std::make_unique<traces::ModelMachine>(program, kernel);
}

std::unique_ptr<traces::Machine> kernel_machine(const traces::Program& program) {
  if (const auto why = traces::why_no_userfaultfd()) throw Error(*why);
  try {
    return std::make_unique<traces::KernelMachine>(program);
  } catch (const std::exception& error) {
    throw Error(error.what());
  }
}

std::unique_ptr<traces::Machine> machine_for(const Options& options, const traces::Program& program) {
  if (options.on == "kernel") return kernel_machine(program);
  return model_machine(program, kernel_named(options.kernel));
}

nlohmann::ordered_json report_json(const traces::ReplayReport& report) {
  using Json = nlohmann::ordered_json;
  Json json{{"machine", report.machine},
            {"performed", report.performed},
            {"faults", report.faults},
            {"performed_by_kind", report.performed_by_kind},
            {"divergence_count", report.divergence_count}};
  json["divergences"] = Json::array();
  for (const traces::Divergence& divergence : report.divergences) {
    json["divergences"].push_back({{"where", divergence.where},
                                   {"step", divergence.step},
                                   {"recorded", divergence.recorded},
                                   {"answered", divergence.answered},
                                   {"remark", divergence.remark}});
  }
  json["exchanged"] = report.exchanged;
  json["not_replayed"] = report.not_replayed;
  json["asleep"] = report.asleep;
  return json;
}

Status replay(const Options& options, const Terminal& terminal) {
  if (options.on != "model" && options.on != "kernel") throw Error(unknown("machine", options.on, {"model", "kernel"}));
  kernel_named(options.kernel);
  const auto recording = traces::load_recording(options.trace);
  if (!recording) throw Error(traces::to_text(recording.error()));
  const auto plan = traces::plan_replay(*recording);
  if (!plan) throw Error(traces::to_text(plan.error()));
  const std::unique_ptr<traces::Machine> machine = machine_for(options, plan->program);
  const traces::ReplayReport report = traces::replay(*plan, *recording, *machine);
  terminal.print(options.json ? report_json(report).dump(2) + '\n' : traces::to_text(report));
  return report.divergence_count == 0 ? Status::holds : Status::fails;
}

}  // namespace

void add_replay(CLI::App& app, Action& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("replay", "a trace again, on the model or on this kernel: where do they differ?");
  command->add_option("TRACE", options->trace, "a trace; uffdsim import makes one")->required();
  command->add_option("--on", options->on, "model or kernel")->capture_default_str();
  command->add_option("--kernel", options->kernel, "which kernel the model simulates")->capture_default_str();
  command->add_flag("--json", options->json, "one JSON document instead of text");
  command->callback([&chosen, options] {
    chosen = [options](const Terminal& terminal) { return replay(*options, terminal); };
  });
}

}  // namespace cli
