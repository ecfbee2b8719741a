// SPDX-License-Identifier: Apache-2.0
// Errors about files that people hand us: where, what, why, and what to do about it.
#pragma once
#include <cstdint>
#include <string>
#include <tl/expected.hpp>

namespace traces {

struct Error {
  std::string file;
  std::uint64_t line = 0;  // 0: the file as a whole
  std::string what;        // what cannot be had: "the line is not a JSON object"
  std::string why;         // "TAPE_ERROR at byte 12"
  std::string remedy;      // what a person can do; may be empty
};

// "FILE:LINE: what: why (remedy)", on one line, control characters made visible.
std::string to_text(const Error& error);

// The T, or the error that kept it from being made.
template <class T>
using Expected = tl::expected<T, Error>;

}  // namespace traces
