// SPDX-License-Identifier: Apache-2.0
// The grammar of what stands within a line: words, names, numbers, letters, places, columns. What a word
// means is decided elsewhere; here is only its form.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace language {

// A word of a line.
struct Token {
  std::string_view text;
  std::size_t at = 0;  // bytes from the start of the line
};

// Where a text leaves the grammar (bytes from its start), and what was expected there.
struct Misfit {
  std::size_t at = 0;
  std::string message;
};

// The words of a line, without the comment. "=" is a word of its own; quotes keep a '#' from being a comment.
tl::expected<std::vector<Token>, Misfit> split(std::string_view line);

// A letter in a page.
struct Letter {
  enum class Written : std::uint8_t { plain, escaped };
  char value = 0;
  Written written = Written::plain;  // in a region's pattern, a plain '.' is a missing page
};
// What stands between quotes: 'AB\0\x20'. At least one letter.
tl::expected<std::vector<Letter>, Misfit> letters(std::string_view text);

// x   r[1]   r[0..2]   @0x7000, and any of them +0x123
struct PlaceText {
  std::string name;                    // empty: absolute
  std::uint64_t address = 0;           // absolute
  std::optional<std::uint64_t> first;  // [first]
  std::optional<std::uint64_t> last;   // [first..last]
  std::uint64_t offset = 0;            // +offset
};
tl::expected<PlaceText, Misfit> place(std::string_view text);

// app   app.r0   app.r0.field   r[1]
struct ColumnText {
  std::string name;
  std::optional<std::uint64_t> page;
  std::string part;     // after the first dot
  std::string subpart;  // after the second
};
tl::expected<ColumnText, Misfit> column(std::string_view text);

std::optional<std::uint64_t> number(std::string_view text);  // 12 or 0x1f, below 2^64
bool is_name(std::string_view text);                         // a letter, then letters, digits, - and _
bool is_kernel(std::string_view text);                       // 6.18

}  // namespace language
