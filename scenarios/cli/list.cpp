// SPDX-License-Identifier: Apache-2.0
// uffdsim list: what there is to choose from.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "scenarios/cli/command.hpp"
#include "scenarios/cli/named.hpp"
#include "scenarios/cli/table.hpp"

namespace cli {
namespace {

struct Entry {
  std::string name;
  std::string description;
};

struct Kind {
  const char* name;
  std::vector<Entry> (*entries)();
};

std::vector<Entry> kernel_entries() {
  std::vector<Entry> entries;
  for (const model::Kernel* kernel : model::kernels()) {
    const bool usual = kernel == &model::default_kernel();
    entries.push_back({kernel->name, std::string(kernel->description) + (usual ? " (default)" : "")});
  }
  return entries;
}

std::vector<Entry> defect_entries() {
  std::vector<Entry> entries;
  for (const model::Defect* defect : model::defects()) entries.push_back({defect->name, defect->description});
  return entries;
}

std::vector<Entry> strategy_entries() {
  std::vector<Entry> entries;
  for (const running::NamedStrategy& known : running::strategies()) {
    entries.push_back({std::string(known.name), std::string(known.description)});
  }
  return entries;
}

constexpr Kind kKinds[] = {
    {"kernels", kernel_entries}, {"defects", defect_entries}, {"strategies", strategy_entries}};

void print_json(const Terminal& terminal, const std::vector<Kind>& kinds) {
  nlohmann::ordered_json json;
  for (const Kind& kind : kinds) {
    json[kind.name] = nlohmann::ordered_json::array();
    for (const Entry& entry : kind.entries()) {
      json[kind.name].push_back({{"name", entry.name}, {"description", entry.description}});
    }
  }
  terminal.print(json.dump(2) + '\n');
}

void print_text(const Terminal& terminal, const std::vector<Kind>& kinds) {
  for (const Kind& kind : kinds) {
    if (&kind != &kinds.front()) terminal.print("\n");
    Table table;
    table.add_column("");
    table.add_column("");
    for (const Entry& entry : kind.entries()) table.add_row({{entry.name, Tone::name}, {entry.description}});
    terminal.print(terminal.paint()(Tone::head, kind.name) + '\n');
    terminal.print(table.to_text(terminal.paint(), 2));
  }
}

std::vector<Kind> kinds_named(const std::string& name) {
  language::Choices known;
  std::vector<Kind> all;
  for (const Kind& kind : kKinds) {
    if (name == kind.name) return {kind};
    known.emplace_back(kind.name);
    all.push_back(kind);
  }
  if (!name.empty()) throw Error(unknown("kind of thing", name, known));
  return all;
}

}  // namespace

void add_list(CLI::App& app, Action& chosen) {
  struct Options {
    std::string kind;
    bool json = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("list", "kernels, defects, strategies: what other commands can be told");
  command->add_option("KIND", options->kind, "kernels, defects or strategies; all of them if left out");
  command->add_flag("--json", options->json, "one JSON document instead of text");
  command->callback([&chosen, options] {
    chosen = [options](const Terminal& terminal) {
      const std::vector<Kind> kinds = kinds_named(options->kind);
      if (options->json) {
        print_json(terminal, kinds);
      } else {
        print_text(terminal, kinds);
      }
      return Status::holds;
    };
  });
}

}  // namespace cli
