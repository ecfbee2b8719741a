// SPDX-License-Identifier: Apache-2.0
// Reports of a divergence: the sequence as a litmus file, and what both machines answered, side by side.
#pragma once
#include <string>

#include "proptests/sequence.hpp"

namespace proptests {

struct Answers {
  std::string machine;  // Machine::name
  Log log;
};

// "" if they agree.
std::string report(const Sequence& sequence, const Answers& left, const Answers& right);

}  // namespace proptests
