// SPDX-License-Identifier: Apache-2.0
// Which kernel a guest boots, as options of a command; and the programs that run in it.
#pragma once
#include <CLI/CLI.hpp>
#include <filesystem>
#include <optional>
#include <string>

#include "scenarios/cli/terminal.hpp"

namespace cli {

struct GuestChoice {
  std::string kernel;  // a series: "6.1"
  std::string image;   // a file
  bool wanted() const { return !kernel.empty() || !image.empty(); }
};

// --kernel and --image; not both.
void add_guest_options(CLI::App& command, GuestChoice& choice);

// The image, fetched if need be. None: there is no QEMU, or no image to be had, which the terminal has been
// told. An Error for a series or a file that does not exist.
std::optional<std::filesystem::path> image_of(const GuestChoice& choice, const Terminal& terminal);

// A program that is built with this command and lies beside it; an Error if it does not.
std::filesystem::path beside(const std::string& program);

}  // namespace cli
