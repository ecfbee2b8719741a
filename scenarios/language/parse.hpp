// SPDX-License-Identifier: Apache-2.0
// The parser. docs/language.md is the language on one page.
#pragma once
#include <filesystem>
#include <string_view>
#include <tl/expected.hpp>

#include "scenarios/language/litmus.hpp"
#include "scenarios/language/parse_error.hpp"

namespace language {

// Reads a litmus file's text; `file` is what errors call it. All or nothing: a text with an error gives the
// first error.
tl::expected<Litmus, ParseError> parse(std::string_view text, std::string_view file);

// The same for a file; a file that cannot be read is an error of line 0.
tl::expected<Litmus, ParseError> parse_file(const std::filesystem::path& path);

}  // namespace language
