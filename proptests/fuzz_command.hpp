// SPDX-License-Identifier: Apache-2.0
// uffdsim fuzz: generated programs, one operation at a time, on the model and on a real kernel.
#pragma once
#include "scenarios/cli/command.hpp"

namespace proptests {

void add_fuzz(CLI::App& app, cli::Action& chosen);

}  // namespace proptests
