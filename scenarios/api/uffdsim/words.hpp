// SPDX-License-Identifier: Apache-2.0
// The words of an outcome. Not installed.
#pragma once
#include <string>

#include "traces/final_state.hpp"
#include "traces/layout.hpp"
#include "uffdsim/value.hpp"

namespace uffdsim::detail {

std::string word(const Value& value, const traces::Layout& layout);
Page page_of(const traces::FinalState::Page& page);

}  // namespace uffdsim::detail
