// SPDX-License-Identifier: Apache-2.0
// uffdsim cover: what of the simulated kernel some litmus files go through, and what of it none does.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>

#include "scenarios/cli/command.hpp"
#include "scenarios/cli/files.hpp"
#include "scenarios/cli/named.hpp"
#include "scenarios/cli/wrap.hpp"
#include "scenarios/language/verdict.hpp"
#include "scenarios/running/coverage.hpp"

namespace cli {
namespace {

using running::Covered;
using Names = Covered::Names;

struct Options {
  std::vector<std::string> paths;
  std::string kernel = model::default_kernel().name;
  std::uint64_t worlds = 20000;
  bool json = false;
};

// One kind of thing that can be covered.
struct Kind {
  const char* name;
  Names reached;
  Names all;  // empty: it is not known what there is

  Names missed() const {
    Names rest;
    std::set_difference(all.begin(), all.end(), reached.begin(), reached.end(),
                        std::inserter(rest, rest.end()));
    return rest;
  }
  // Of what is known to be there.
  std::size_t of_all() const { return all.size() - missed().size(); }
};

struct Corpus {
  std::size_t files = 0;
  std::size_t skipped = 0;       // not for this kernel
  std::vector<std::string> cut;  // files of which not every world was looked at
  Covered covered;
  Names defects;  // that a claim of some file names

  std::vector<Kind> kinds() const {
    const language::Choices known = defect_names();
    return {{"scheduling points and locks", covered.points, running::all_points()},
            {"locks that a thread waited for", covered.contended, {}},
            {"pairs of locks, one taken under the other", covered.lock_pairs, {}},
            {"kinds of message read", covered.messages, running::all_messages()},
            {"operations", covered.operations, running::all_operations()},
            {"errnos", covered.errnos, running::all_errnos()},
            {"operations with their errnos", covered.answers, {}},
            {"defects that a claim names", defects, {known.begin(), known.end()}}};
  }
};

void cover_file(const LitmusFile& file, const Options& options, Corpus& corpus) {
  const model::Kernel& kernel = kernel_named(options.kernel);
  if (!language::applies(file.litmus, kernel.name)) {
    ++corpus.skipped;
    return;
  }
  ++corpus.files;
  const auto walk = [&](const model::Defect* defect) {
    const running::LitmusSubject subject(file.litmus, kernel, defect);
    if (!traces::setup_failure(subject.prepared()).empty()) return;
    const Covered covered = running::cover(subject, options.worlds);
    if (!covered.complete && (corpus.cut.empty() || corpus.cut.back() != file.shown))
      corpus.cut.push_back(file.shown);
    corpus.covered.add(covered);
  };
  walk(nullptr);
  for (const std::string& defect : language::defects(file.litmus)) {
    corpus.defects.insert(defect);
    walk(defect_named(defect));
  }
}

std::string kind_text(const Kind& kind, const Paint& paint) {
  const Names missed = kind.missed();
  std::string text = paint(Tone::head, kind.name);
  text += kind.all.empty() ? fmt::format(": {}\n", kind.reached.size())
                           : fmt::format(": {} of {}\n", kind.of_all(), kind.all.size());
  if (!kind.reached.empty())
    text += wrapped_block(fmt::format("{}", fmt::join(kind.reached, ", ")), 110, 4, 0);
  if (missed.empty()) return text;
  return text + paint(Tone::odd, wrapped_block(fmt::format("never: {}", fmt::join(missed, ", ")), 110, 4, 2));
}

std::string corpus_text(const Corpus& corpus, const Options& options, const Paint& paint) {
  std::string text =
      fmt::format("{} on the model of Linux {}", counted(corpus.files, "file"), options.kernel);
  if (corpus.skipped > 0) text += fmt::format(", {} not for it", corpus.skipped);
  text += "\n\n";
  for (const Kind& kind : corpus.kinds()) text += kind_text(kind, paint) + '\n';
  if (corpus.cut.empty()) return text + "Every world of every file was looked at.\n";
  return text +
         paint(Tone::odd, wrapped_block(fmt::format("Only {} worlds were looked at of each of: {}",
                                                    grouped(options.worlds), fmt::join(corpus.cut, ", ")),
                                        110, 0, 2));
}

nlohmann::ordered_json corpus_json(const Corpus& corpus, const Options& options) {
  nlohmann::ordered_json json{
      {"kernel", options.kernel}, {"files", corpus.files}, {"skipped", corpus.skipped}};
  for (const Kind& kind : corpus.kinds()) {
    nlohmann::ordered_json& entry = json["kinds"][kind.name];
    entry["reached"] = kind.reached;
    if (!kind.all.empty()) entry["never"] = kind.missed();
  }
  json["not_complete"] = corpus.cut;
  return json;
}

Status cover(const Options& options, const Terminal& terminal) {
  Corpus corpus;
  for (const LitmusFile& file : read_litmus_files(options.paths)) cover_file(file, options, corpus);
  if (options.json) {
    terminal.print(corpus_json(corpus, options).dump(2) + '\n');
  } else {
    terminal.print(corpus_text(corpus, options, terminal.paint()));
  }
  return Status::holds;
}

}  // namespace

void add_cover(CLI::App& app, Action& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("cover", "what of the simulated kernel litmus files go through, and what not");
  command->add_option("PATH", options->paths, "litmus files, and folders of them")->required();
  command->add_option("--kernel", options->kernel, "which kernel to simulate")->capture_default_str();
  command->add_option("--worlds", options->worlds, "how many of each file are looked at")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  command->add_flag("--json", options->json, "one JSON document instead of text");
  command->callback([&chosen, options] {
    chosen = [options](const Terminal& terminal) { return cover(*options, terminal); };
  });
}

}  // namespace cli
