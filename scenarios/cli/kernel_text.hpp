// SPDX-License-Identifier: Apache-2.0
// What `uffdsim kernel` prints of its runs.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "scenarios/cli/kernel_run.hpp"
#include "scenarios/cli/terminal.hpp"

namespace cli {

// One file: the table with what was seen.
std::string kernel_table(const KernelRun& run, const std::string& kernel, const Paint& paint);
// One of many files: a line, and what is wrong below it.
std::string kernel_line(const KernelRun& run, const Paint& paint, std::size_t width);
// "31 files on Linux 6.18.44: 30 agree, 1 does not; 52 of 80 rows seen".
std::string kernel_summary(const std::vector<KernelRun>& runs, const std::string& kernel, const Paint& paint);
nlohmann::ordered_json kernel_json(const std::vector<KernelRun>& runs, const std::string& kernel,
                                   const std::string& failure);

}  // namespace cli
