// SPDX-License-Identifier: Apache-2.0
// The inverse of word.hpp: which value a token stands for.
#pragma once
#include <optional>
#include <string_view>

#include "scenarios/language/suggest.hpp"
#include "scenarios/language/word.hpp"

namespace language {

// The program whose regions are named, and where they lie.
struct Names {
  const traces::Program& program;
  const traces::Layout& layout;
};

// The value of one of the allowed kinds that the token stands for; none if there is no such value.
std::optional<Pattern> read_word(std::string_view token, ValueKinds allowed, const Names& names);
// "x", "r[1]", "r[0..2]", "@0x7000", "@0x1000..@0x3000": at least one page, or one address.
std::optional<model::AddrRange> read_addresses(std::string_view text, const Names& names);
// An output field: an errnum value with only its field set.
std::optional<traces::Value> read_field(std::string_view token, FieldUnit unit);
std::optional<traces::ThreadEnd> read_end(std::string_view token);
std::optional<traces::FinalState::Page> read_page(std::string_view token);
std::optional<traces::FinalState::Page> read_file_page(std::string_view token);

// What such tokens look like, for people: "ok", "an errno", "'A'", …
Choices forms_of(ValueKinds allowed);
Choices forms_of(FieldUnit unit);

}  // namespace language
