// SPDX-License-Identifier: Apache-2.0
// Minimising: the smallest program found in which an outcome can still happen, for the same reason.
#pragma once
#include <string>
#include <vector>

#include "scenarios/cli/wanted.hpp"
#include "scenarios/running/run.hpp"

namespace cli {

struct Minimised {
  language::Litmus litmus;            // its only claim is that the outcome is reached: `sometimes …`
  std::string text;                   // the same as a litmus file
  std::vector<std::string> left_out;  // in the order in which it went
  std::size_t operations_before = 0;
  std::size_t operations = 0;
  std::uint64_t explorations = 0;
  enum class End : unsigned char {
    nothing_left,  // no single thing can be left out any more
    bound,         // the explorations were used up
  } end = End::bound;
};

// Leaves out one thing after the other, first of the threads, then of the declarations, as long as
//  - the outcome can still be reached, its threads blocked for the same kind of reason;
//  - another outcome can be reached too, if one could before: else it would only be certain;
//  - the healthy kernel cannot reach it, if `plan` has a defect without which it could not.
// Deterministic, and bounded by the number of explorations. An Error if the outcome cannot be said as a
// claim.
Minimised minimise(const language::Litmus& litmus, const Wanted& wanted, const running::Plan& plan,
                   std::uint64_t explorations);

}  // namespace cli
