// SPDX-License-Identifier: Apache-2.0
// The options of `scan`, read and printed: which pages it looks for, what it gives, and how much.
#pragma once
#include "scenarios/language/draft.hpp"
#include "traces/operation.hpp"

namespace language {

// The words that may stand there: categories, each also with `not-` before it, `any`, `gives`, `vec`, `max`.
Choices scan_option_names();
// Takes what belongs to the option `token` of a scan.
void read_scan_option(Cursor& cursor, const Token& token, traces::Scan& scan);
// Fails if a scan cannot answer in this program.
void check_scan(const Cursor& cursor, const Draft& draft, const Token& name);
// Each with a space before it.
std::string scan_options_text(const traces::Scan& scan);

// "r[0..2]:present+written,r[3]:written"; "nothing" without regions.
std::string regions_word(const traces::Value& value, const traces::Layout& layout);
std::optional<traces::Value> read_regions(std::string_view token, const Names& names);

}  // namespace language
