// SPDX-License-Identifier: Apache-2.0
#include "scenarios/language/parse_error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace language {
namespace {

constexpr std::size_t kWindow = 100;  // characters of a line that are shown
constexpr std::size_t kBefore = 60;   // of them, at most this many before the column

bool continues_character(char byte) { return (static_cast<unsigned char>(byte) & 0xc0) == 0x80; }

// The characters of a line (UTF-8), what a terminal cannot show replaced.
std::vector<std::string> characters(const std::string& text) {
  std::vector<std::string> result;
  for (const char byte : text) {
    if (continues_character(byte) && !result.empty()) {
      result.back() += byte;
    } else if (static_cast<unsigned char>(byte) < 0x20 || byte == 0x7f) {
      result.emplace_back(byte == '\t' ? " " : "?");
    } else {
      result.emplace_back(1, byte);
    }
  }
  return result;
}

}  // namespace

std::string to_text(const ParseError& error) {
  if (error.text.empty() && error.line != 0) {
    return fmt::format("{}:{}:{}: {}\n", error.file, error.line, error.column, error.message);
  }
  if (error.line == 0) return fmt::format("{}: {}\n", error.file, error.message);
  const std::vector<std::string> all = characters(error.text);
  const std::size_t at = std::min(error.column == 0 ? 0 : error.column - 1, all.size());
  const std::size_t first = all.size() > kWindow && at > kBefore ? at - kBefore : 0;
  const std::size_t last = std::min(all.size(), first + kWindow);

  std::string line = first > 0 ? "…" : "";
  for (std::size_t i = first; i < last; ++i) line += all[i];
  if (last < all.size()) line += "…";
  const std::size_t room = last > at ? last - at : 1;
  const std::size_t tail = std::clamp<std::size_t>(error.width, 1, room) - 1;
  std::string marks = std::string(at - first + (first > 0 ? 1 : 0), ' ') + '^' + std::string(tail, '~');
  if (!error.hint.empty()) marks += ' ' + error.hint;
  return fmt::format("{}:{}:{}: {}\n{}\n{}\n", error.file, error.line, error.column, error.message, line,
                     marks);
}

}  // namespace language
