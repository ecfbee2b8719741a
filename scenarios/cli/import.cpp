// SPDX-License-Identifier: Apache-2.0
// uffdsim import: what another tool recorded, as a trace.
#include "traces/import/import.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "scenarios/cli/command.hpp"
#include "scenarios/cli/named.hpp"

namespace cli {
namespace {

struct Options {
  std::string format;
  std::string file;
  std::string output;
  bool json = false;
};

traces::ImportFormat format_named(const std::string& name) {
  if (name == "strace") return traces::ImportFormat::strace;
  if (name == "qemu") return traces::ImportFormat::qemu;
  throw Error(unknown("format", name, {"strace", "qemu"}));
}

nlohmann::ordered_json summary_json(const traces::ImportSummary& summary, const std::string& output) {
  return {{"trace", output},           {"lines", summary.lines},     {"observations", summary.observations},
          {"ignored", summary.ignored}, {"untold", summary.untold},   {"unknown_lines", summary.unknown},
          {"first_unknown_line", summary.first_unknown_line}};
}

Status import_trace(const Options& options, const Terminal& terminal) {
  traces::ImportSummary summary;
  const auto imported = traces::import_file(format_named(options.format), options.file, options.output, summary);
  if (!imported) throw Error(traces::to_text(imported.error()));
  terminal.print(options.json ? summary_json(summary, options.output).dump(2) + '\n'
                              : fmt::format("{}: {}", options.output, to_text(summary)));
  return Status::holds;
}

}  // namespace

void add_import(CLI::App& app, Action& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("import", "what strace or QEMU recorded, as a trace");
  command->add_option("FORMAT", options->format, "strace or qemu")->required();
  command->add_option("FILE", options->file, "what was recorded; .gz and .zst are unpacked, - is standard input")
      ->required();
  command->add_option("-o,--output", options->output, "the trace to write; .zst is packed")->required();
  command->add_flag("--json", options->json, "one JSON document instead of text");
  command->callback([&chosen, options] {
    chosen = [options](const Terminal& terminal) { return import_trace(*options, terminal); };
  });
}

}  // namespace cli
