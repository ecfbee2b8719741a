// SPDX-License-Identifier: Apache-2.0
// Things that options name: kernels, defects, strategies. An unknown name is an Error that lists the known
// ones and says which was probably meant.
#pragma once
#include <string>

#include "model/defects/defect.hpp"
#include "model/kernels/kernel.hpp"
#include "scenarios/language/suggest.hpp"
#include "scenarios/running/strategy.hpp"

namespace cli {

const model::Kernel& kernel_named(const std::string& name);
// Null for the empty name: no defect.
const model::Defect* defect_named(const std::string& name);
running::Strategy strategy_named(const std::string& name);

language::Choices kernel_names();
language::Choices defect_names();

// "unknown kernel '6.2': expected 6.1, 6.12 or 6.18; did you mean `6.12`?"
std::string unknown(const std::string& kind, const std::string& name, const language::Choices& known);

}  // namespace cli
