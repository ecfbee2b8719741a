// SPDX-License-Identifier: Apache-2.0
// uffdsim diff: two traces, thread by thread.
#include "traces/diff.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "scenarios/cli/command.hpp"

namespace cli {
namespace {

struct Options {
  std::string left;
  std::string right;
  bool json = false;
};

traces::Recording load(const std::string& path) {
  auto recording = traces::load_recording(path);
  if (!recording) throw Error(traces::to_text(recording.error()));
  return std::move(*recording);
}

nlohmann::ordered_json report_json(const traces::DiffReport& report) {
  using Json = nlohmann::ordered_json;
  Json json{{"equal", report.equal()}, {"compared", report.compared}};
  json["differences"] = Json::array();
  for (const traces::Difference& difference : report.differences) {
    json["differences"].push_back({{"thread", difference.thread},
                                   {"position", difference.position},
                                   {"left", difference.left},
                                   {"right", difference.right},
                                   {"what", difference.what}});
  }
  return json;
}

}  // namespace

void add_diff(CLI::App& app, Action& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("diff", "two traces, thread by thread: where do they differ?");
  command->add_option("A", options->left, "a trace")->required();
  command->add_option("B", options->right, "another")->required();
  command->add_flag("--json", options->json, "one JSON document instead of text");
  command->callback([&chosen, options] {
    chosen = [options](const Terminal& terminal) {
      const traces::DiffReport report = traces::diff(load(options->left), load(options->right));
      terminal.print(options->json ? report_json(report).dump(2) + '\n' : traces::to_text(report));
      return report.equal() ? Status::holds : Status::fails;
    };
  });
}

}  // namespace cli
