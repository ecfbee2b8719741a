// SPDX-License-Identifier: Apache-2.0
// Scan: small steps over a line of text, from the left. Every step either takes what it names and moves on,
// or leaves the text as it was.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace traces {

// Takes `literal` if the text begins with it.
bool take(std::string_view& text, std::string_view literal);
void skip_spaces(std::string_view& text);

// Takes a decimal number; none if there is none or it does not fit 64 bits.
std::optional<std::uint64_t> take_decimal(std::string_view& text);
// Takes "0x" and hex digits, or a decimal number.
std::optional<std::uint64_t> take_number(std::string_view& text);
// Takes "SEC.FRACTION" as nanoseconds; the fraction may be missing.
std::optional<std::uint64_t> take_seconds(std::string_view& text);
// Takes letters, digits and '_'.
std::string_view take_word(std::string_view& text);

// The whole text as a number, decimal or 0x….
std::optional<std::uint64_t> whole_number(std::string_view text);

}  // namespace traces
