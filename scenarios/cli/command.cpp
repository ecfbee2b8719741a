// SPDX-License-Identifier: Apache-2.0
#include "scenarios/cli/command.hpp"

#include <fmt/format.h>

#include "scenarios/cli/named.hpp"

namespace cli {
namespace {

constexpr const char* kAbout =
    "uffdsim explores small programs against userfaultfd: every outcome they can have on a\n"
    "simulated Linux kernel, each with the interleaving that leads to it.";
constexpr const char* kStatuses =
    "Exit status: 0 all claims hold; 1 a claim fails or a divergence was found; 2 bad usage or input;\n"
    "3 stopped before it was done; 77 cannot be done here.";

// The longest list of words that an unknown word may have been meant for.
language::Choices subcommand_names(const CLI::App& app) {
  language::Choices names;
  for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
  return names;
}

language::Choices option_names(const CLI::App& app) {
  language::Choices names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

// CLI11 says which word it cannot use; this says which word was probably meant.
std::string usage_text(const CLI::App& app, const CLI::ParseError& error, int count,
                       const char* const* words) {
  const language::Choices commands = subcommand_names(app);
  if (count > 1 && words[1][0] != '-' &&
      std::find(commands.begin(), commands.end(), words[1]) == commands.end()) {
    return unknown("command", words[1], commands);
  }
  std::string text = error.what();
  const auto used = app.get_subcommands();
  for (int i = 2; i < count && !used.empty(); ++i) {
    const std::string_view whole = words[i];
    const std::string word(whole.substr(0, whole.find('=')));
    const std::string hint = language::suggestion(word, option_names(*used.front()));
    if (word.starts_with("--") && !hint.empty()) text += "; " + hint;
  }
  const std::string command = used.empty() ? "" : used.front()->get_name() + " ";
  return fmt::format("{} (uffdsim {}--help tells more)", text, command);
}

Status complain(const Terminal& terminal, const std::string& text) {
  // What already begins with a file's name needs no other beginning.
  const std::string first = text.substr(0, text.find(' '));
  const bool placed = first.find(".litmus:") != std::string::npos || first.find(".schedule:") != std::string::npos;
  terminal.complain(fmt::format("{}{}\n", placed ? "" : "uffdsim: ", text));
  return Status::usage;
}

}  // namespace

Status run(int count, const char* const* words, std::initializer_list<AddCommand> further) {
  const Terminal terminal;
  CLI::App app(kAbout, "uffdsim");
  app.footer(kStatuses);
  app.require_subcommand(1);
  app.set_version_flag("--version", "uffdsim " UFFDSIM_VERSION);
  Action action;
  add_check(app, action);
  add_explore(app, action);
  add_show(app, action);
  add_cover(app, action);
  add_kernel(app, action);
  add_import(app, action);
  add_replay(app, action);
  add_diff(app, action);
  for (const AddCommand add : further) add(app, action);
  add_list(app, action);
  try {
    app.parse(count, words);
  } catch (const CLI::Success& wanted) {
    return static_cast<Status>(app.exit(wanted));
  } catch (const CLI::ParseError& error) {
    if (count == 1) {
      terminal.complain(app.help());
      return Status::usage;
    }
    return complain(terminal, usage_text(app, error, count, words));
  }
  try {
    return action(terminal);
  } catch (const Error& error) {
    return complain(terminal, error.what());
  }
}

}  // namespace cli
