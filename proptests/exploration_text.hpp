// SPDX-License-Identifier: Apache-2.0
// Texts of outcomes and of whole explorations: two are equal if their texts are.
#pragma once
#include <set>
#include <string>

#include "sim/exploration.hpp"
#include "traces/final_state.hpp"
#include "traces/program.hpp"

namespace proptests {

// Everything of a final state: what tells outcomes apart here.
std::string outcome_text(const traces::Program& program, const traces::FinalState& state);

// Outcomes, endings, counts, witnesses, totals, coverage, findings.
std::string exploration_text(const sim::Exploration& exploration);

// The table alone: each outcome with its ending.
std::set<std::string> table(const sim::Exploration& exploration);

}  // namespace proptests
