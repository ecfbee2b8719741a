// SPDX-License-Identifier: Apache-2.0
// Reads columns, and the words that can stand in them.
#pragma once
#include <string>

#include "scenarios/language/draft.hpp"

namespace language {

// The column that the next word names.
Column read_column(Cursor& cursor, const Draft& draft);

// The next word, in its canonical form; fails if no execution can show it in the column.
std::string read_column_word(Cursor& cursor, const Column& column, const Draft& draft);

}  // namespace language
