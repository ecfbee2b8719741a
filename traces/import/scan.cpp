// SPDX-License-Identifier: Apache-2.0
#include "traces/import/scan.hpp"

#include <charconv>
#include <limits>

namespace traces {
namespace {

std::optional<std::uint64_t> take_digits(std::string_view& text, int base) {
  std::uint64_t value = 0;
  const auto [at, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc{}) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(at - text.data()));
  return value;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

constexpr std::uint64_t kSecond = 1'000'000'000;

}  // namespace

bool take(std::string_view& text, std::string_view literal) {
  if (!text.starts_with(literal)) return false;
  text.remove_prefix(literal.size());
  return true;
}

void skip_spaces(std::string_view& text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
}

std::optional<std::uint64_t> take_decimal(std::string_view& text) { return take_digits(text, 10); }

std::optional<std::uint64_t> take_number(std::string_view& text) {
  if (!text.starts_with("0x")) return take_digits(text, 10);
  std::string_view rest = text.substr(2);
  const auto value = take_digits(rest, 16);
  if (value) text = rest;
  return value;
}

std::optional<std::uint64_t> take_seconds(std::string_view& text) {
  std::string_view rest = text;
  const auto seconds = take_decimal(rest);
  if (!seconds || *seconds >= std::numeric_limits<std::uint64_t>::max() / kSecond) return std::nullopt;
  std::uint64_t fraction = 0;
  if (rest.size() > 1 && rest[0] == '.' && is_digit(rest[1])) {
    rest.remove_prefix(1);
    std::uint64_t unit = kSecond / 10;
    for (; !rest.empty() && is_digit(rest[0]); rest.remove_prefix(1), unit /= 10) {
      fraction += unit * static_cast<std::uint64_t>(rest[0] - '0');
    }
  }
  text = rest;
  return *seconds * kSecond + fraction;
}

std::string_view take_word(std::string_view& text) {
  std::size_t length = 0;
  while (length < text.size() && is_word(text[length])) ++length;
  const std::string_view word = text.substr(0, length);
  text.remove_prefix(length);
  return word;
}

std::optional<std::uint64_t> whole_number(std::string_view text) {
  const auto value = take_number(text);
  return text.empty() ? value : std::nullopt;
}

}  // namespace traces
