// SPDX-License-Identifier: Apache-2.0
// Final states and histograms as compact JSON: what a process under test, or a guest, hands to whoever
// started it. Equal states have equal texts.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "traces/final_state.hpp"
#include "traces/kernel/histogram.hpp"

namespace traces {

std::string to_json_text(const FinalState& state);
// Throws nlohmann::json::exception on any other text.
FinalState final_state_from_json(const std::string& text);

std::string to_json_text(const Histogram& histogram);
Histogram histogram_from_json(const std::string& text);

}  // namespace traces
