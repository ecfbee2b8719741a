// SPDX-License-Identifier: Apache-2.0
// ParseError: where a litmus file stops making sense, and what would have made sense there.
#pragma once
#include <cstddef>
#include <string>

namespace language {

struct ParseError {
  std::string file;
  int line = 0;            // from 1; 0: the file as a whole
  std::size_t column = 0;  // from 1, in characters
  std::size_t width = 1;   // characters that are meant
  std::string text;        // the line, without its newline
  std::string message;     // what was expected, or what is wrong
  std::string hint;        // what to do about it; may be empty
};

// Three lines for a person:
//   FILE:LINE:COLUMN: MESSAGE
//       r1 = coppy x 'A'
//            ^~~~~ HINT
// A very long line is shown as the part around the column, an empty one not at all.
std::string to_text(const ParseError& error);

}  // namespace language
