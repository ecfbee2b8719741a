// SPDX-License-Identifier: Apache-2.0
// A telling as JSON: every step with its events and changes, and the end.
#pragma once
#include <nlohmann/json_fwd.hpp>

#include "scenarios/timeline/telling.hpp"

namespace cli {

nlohmann::ordered_json telling_json(const timeline::Telling& telling);

}  // namespace cli
