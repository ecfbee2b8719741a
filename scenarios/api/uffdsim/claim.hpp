// SPDX-License-Identifier: Apache-2.0
// What a thread of a scenario says about its execution: what must hold, and what became of it.
#pragma once
#include <cstddef>

#include "uffdsim/value.hpp"

namespace uffdsim {

namespace detail {
void expect_failed(const char* text, const char* file, int line);
void record(const char* name, Value value);
}  // namespace detail

// A claim: holds whenever a thread comes here, in every execution. Where it does not, the execution ends and
// is told as a failure. `text` says what was expected, and is a literal.
template <std::size_t N>
void expect(bool holds, const char (&text)[N], const char* file = __builtin_FILE(),
            int line = __builtin_LINE()) {
  if (!holds) detail::expect_failed(text, file, line);
}

// A column of the outcome table: THREAD.name. The last one of a name counts; a thread has at most six.
template <std::size_t N>
void record(const char (&name)[N], Value value) {
  detail::record(name, value);
}

}  // namespace uffdsim
