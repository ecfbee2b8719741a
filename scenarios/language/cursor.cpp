// SPDX-License-Identifier: Apache-2.0
#include "scenarios/language/cursor.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace language {

std::string shown(std::string_view text) {
  constexpr std::size_t kLongest = 40;
  if (text.size() <= kLongest) return fmt::format("`{}`", text);
  std::size_t end = kLongest;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;  // not within a character
  return fmt::format("`{}…`", text.substr(0, end));
}

const Token& Cursor::peek(std::string_view expected) const {
  if (done()) fail_after(fmt::format("expected {}, found the end of the line", expected));
  return line_.tokens[next_];
}

const Token& Cursor::take(std::string_view expected) {
  const Token& token = peek(expected);
  ++next_;
  return token;
}

bool Cursor::accept(std::string_view word) {
  if (!at(word)) return false;
  ++next_;
  return true;
}

void Cursor::expect(std::string_view word, std::string_view why) {
  const std::string expected = fmt::format("`{}` {}", word, why);
  const Token& token = take(expected);
  if (token.text != word) fail(token, fmt::format("expected {}, found {}", expected, shown(token.text)));
}

const Token& Cursor::take_one_of(const Choices& choices, std::string_view what) {
  const std::string expected = fmt::format("{}: {}", what, either(choices));
  const Token& token = take(expected);
  if (std::find(choices.begin(), choices.end(), token.text) != choices.end()) return token;
  const std::string meant = suggestion(token.text, choices);
  if (meant.empty()) fail(token, "expected " + expected);
  fail(token, fmt::format("expected {}, found {}", what, shown(token.text)), meant);
}

std::uint64_t Cursor::take_number(std::string_view expected) {
  const Token& token = take(expected);
  const std::optional<std::uint64_t> value = number(token.text);
  if (!value)
    fail(token, fmt::format("expected {}, found {}", expected, shown(token.text)), "12 or 0x1f, below 2^64");
  return *value;
}

void Cursor::expect_end() const {
  if (done()) return;
  const Token& token = line_.tokens[next_];
  fail(token, fmt::format("expected the end of the line, found {}", shown(token.text)));
}

void Cursor::fail(const Token& token, std::string message, std::string hint) const {
  source_.fail(line_, token, std::move(message), std::move(hint));
}

void Cursor::fail_within(const Token& token, const Misfit& misfit) const {
  const std::size_t at = std::min(misfit.at, token.text.size());
  source_.fail(line_.number, token.at + at, std::max<std::size_t>(1, token.text.size() - at), misfit.message);
}

void Cursor::fail_after(std::string message, std::string hint) const {
  source_.fail_after(line_, std::move(message), std::move(hint));
}

}  // namespace language
