// SPDX-License-Identifier: Apache-2.0
// Places: where an operation acts. Reading and printing them stand together, because they are inverse.
#pragma once
#include <span>
#include <string>

#include "scenarios/language/draft.hpp"
#include "scenarios/language/vocabulary.hpp"

namespace language {

// Reads a place, and its `len` if the form has a length. `thread` is null where no registers exist.
traces::RangeExpression read_place(Cursor& cursor, const Draft& draft, const ThreadDraft* thread,
                                   OperationForm::Place form);

// "x", "r[0..2]", "x+0x123 len 0x1000", "@0x7000", "e".
std::string place_text(const traces::RangeExpression& place, OperationForm::Place form,
                       std::span<const traces::Region> regions, std::span<const std::string> registers);

}  // namespace language
