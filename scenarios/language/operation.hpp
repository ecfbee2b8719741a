// SPDX-License-Identifier: Apache-2.0
// Operations: the words of one, read and printed.
#pragma once
#include <string>

#include "scenarios/language/place.hpp"

namespace language {

// Reads an operation up to the end of its line.
traces::Operation read_operation(Cursor& cursor, const Draft& draft, const ThreadDraft& thread);

// "copy e 'A' dontwake via u". `thread` is where it stands.
std::string operation_text(const traces::Operation& operation, const traces::Program& program,
                           const traces::ThreadProgram& thread);

// The flags of a mremap that names none: MAYMOVE and FIXED to a place, none without.
std::uint64_t default_mremap_flags(const traces::Operation& operation);

// The bits that an operation's options set: which words, the word for a number, and where they are kept.
struct OptionBits {
  Dictionary dictionary;
  std::string_view number;
  std::uint64_t traces::Operation::*bits = nullptr;  // null: the operation has no such option
};
OptionBits option_bits(traces::OperationKind kind);

}  // namespace language
