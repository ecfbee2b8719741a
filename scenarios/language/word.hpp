// SPDX-License-Identifier: Apache-2.0
// Words: values as tables and patterns write them, one token each. read_word.hpp is the inverse.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/language/registers.hpp"
#include "traces/final_state.hpp"
#include "traces/layout.hpp"

namespace language {

// A value, or a message of which the address does not matter.
struct Pattern {
  traces::Value value;
  bool match_address = true;
};

// "ok", "EAGAIN", "'A'", "zero", "SIGBUS", "read-fault:x", "in+err", "7", "missing", "1/2", "rw+uffd";
// "-" for an unset value.
std::string word(const traces::Value& value, const traces::Layout& layout);
std::string word(const Pattern& pattern, const traces::Layout& layout);
// The output field: "untouched", "2p", "-EAGAIN", "0x1ff"; "-" if the value has none.
std::string field_word(const traces::Value& value, FieldUnit unit);

std::string word(traces::ThreadEnd end);
std::string word(const traces::FinalState::Page& page);
// What a file holds: "'A'", "zero", "hole", "beyond" its end.
std::string file_page_word(const traces::FinalState::Page& page);

// "'A'", or "zero" for '\0'.
std::string letter_word(char letter);
// Letters as they stand between quotes: AB\0\x20
std::string escaped(std::string_view letters);

// "EAGAIN", "ok"; "errno-200" for a number that model/errno.hpp does not name.
std::string errno_word(model::Errno error);
std::optional<model::Errno> errno_named(std::string_view name);
std::vector<std::string> errno_names();  // of those that have one

}  // namespace language
