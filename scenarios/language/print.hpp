// SPDX-License-Identifier: Apache-2.0
// The printer: the inverse of the parser, and the canonical form of a file (aligned, without comments).
#pragma once
#include <string>

#include "scenarios/language/litmus.hpp"

namespace language {

// For every litmus that keeps the rules of the language, parse(print(litmus)) == litmus.
std::string print(const Litmus& litmus);

// A file that claims nothing.
std::string print(const traces::Program& program);

// "copy e 'A'": one operation, as it stands in a file.
std::string print(const traces::Operation& operation, const traces::Program& program,
                  const traces::ThreadProgram& thread);

// "c is not EAGAIN": what stands behind `if` and `until`.
std::string print(const traces::Condition& condition, const traces::Program& program,
                  const traces::ThreadProgram& thread);

}  // namespace language
