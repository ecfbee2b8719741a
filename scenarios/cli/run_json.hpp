// SPDX-License-Identifier: Apache-2.0
// A run on the model as JSON: everything that the text says. No clocks: the same run gives the same bytes.
#pragma once
#include <nlohmann/json_fwd.hpp>

#include "scenarios/running/run.hpp"

namespace cli {

nlohmann::ordered_json run_json(const language::Litmus& litmus, const running::Plan& plan,
                                const running::ModelRun& run);

}  // namespace cli
