// SPDX-License-Identifier: Apache-2.0
// What `uffdsim check` tells of one file: a line, and below it everything that does not hold and why.
#pragma once
#include <string>
#include <vector>

#include "scenarios/cli/check_file.hpp"
#include "scenarios/cli/terminal.hpp"

namespace cli {

// "ok    missing/missing-copy.litmus   3 outcomes   203 worlds"; `width` is that of the longest file name.
std::string file_line(const CheckedFile& checked, const Paint& paint, std::size_t width);

// What does not hold, one sentence or row a line: empty if everything does.
std::vector<std::string> objections(const CheckedFile& checked);

}  // namespace cli
