// SPDX-License-Identifier: Apache-2.0
// A run as JSON: every step with its events and changes, the two that decided, the end, who is stuck, the sentences.
#pragma once
#include <nlohmann/json_fwd.hpp>

#include "scenarios/cli/explanation.hpp"

namespace cli {

nlohmann::ordered_json explanation_json(const Explanation& explanation);

}  // namespace cli
