// SPDX-License-Identifier: Apache-2.0
// The subcommands. Each file adds its own to the application: its options, its help, and what it does.
#pragma once
#include <CLI/CLI.hpp>
#include <functional>

#include "scenarios/cli/status.hpp"
#include "scenarios/cli/terminal.hpp"

namespace cli {

// What the command line asked for; run after all of it has been read.
using Action = std::function<Status(const Terminal&)>;

void add_check(CLI::App& app, Action& chosen);
void add_explore(CLI::App& app, Action& chosen);
void add_show(CLI::App& app, Action& chosen);
void add_cover(CLI::App& app, Action& chosen);
void add_kernel(CLI::App& app, Action& chosen);
void add_import(CLI::App& app, Action& chosen);
void add_replay(CLI::App& app, Action& chosen);
void add_diff(CLI::App& app, Action& chosen);
void add_list(CLI::App& app, Action& chosen);

// A subcommand's part in the application, as the functions above.
using AddCommand = void (*)(CLI::App& app, Action& chosen);

// Reads the command line, does what it asks for, tells a person what is wrong if something is. `further` are
// subcommands that live in folders above this one.
Status run(int count, const char* const* words, std::initializer_list<AddCommand> further);

}  // namespace cli
