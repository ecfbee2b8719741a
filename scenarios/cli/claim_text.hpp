// SPDX-License-Identifier: Apache-2.0
// Rows and claims as a litmus file writes them.
#pragma once
#include <string>

#include "scenarios/language/litmus.hpp"

namespace cli {

// "never reader blocked", "with DEFECT sometimes x 'A' and y 'B'".
std::string claim_text(const language::Claim& claim, const traces::Program& program);

// "'A' ok EEXIST"
// "reader blocked and x missing": the terms alone.
std::string terms_text(const language::Claim& claim, const traces::Program& program);

std::string words_text(const language::Words& words);

}  // namespace cli
