// SPDX-License-Identifier: Apache-2.0
// repeat(): whether a scenario does the same again when its steps are made again. Not installed.
#pragma once
#include <optional>

#include "sim/exploration.hpp"
#include "uffdsim/report.hpp"
#include "uffdsim/subject.hpp"

namespace uffdsim::detail {

// Makes every step of a few random executions twice, up to the first that does not repeat itself.
std::optional<Failure> find_unrepeatable(const ScenarioSubject& subject, std::uint64_t seed);

// What a checked exploration noticed, as a person who wrote the scenario wants to read it.
Failure failure_of(const ScenarioSubject& subject, const sim::Finding& finding);

}  // namespace uffdsim::detail
