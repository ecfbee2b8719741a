// SPDX-License-Identifier: Apache-2.0
// The litmus files that a command line names.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "scenarios/language/litmus.hpp"

namespace cli {

struct LitmusFile {
  std::filesystem::path path;
  std::string shown;  // how the command calls it
  language::Litmus litmus;
};

// Every file named, and every *.litmus under every folder named, sorted and each once. An Error if a path
// does not exist, or if there is no litmus file at all.
std::vector<std::filesystem::path> litmus_paths(const std::vector<std::string>& named);

// Parses all of them. One Error with all that is wrong if any has an error or names a kernel or a defect
// that does not exist.
std::vector<LitmusFile> read_litmus_files(const std::vector<std::string>& named);
LitmusFile read_litmus_file(const std::string& named);

}  // namespace cli
