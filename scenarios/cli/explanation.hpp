// SPDX-License-Identifier: Apache-2.0
// Explanation: one run of a file with all that is known about it: every step, the two steps whose order
// decided, and who does not go on and why.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "scenarios/running/witness.hpp"
#include "scenarios/timeline/stuck.hpp"
#include "scenarios/timeline/telling.hpp"
#include "sim/decisive_pair.hpp"

namespace cli {

struct Explanation {
  running::Witness witness;
  timeline::Telling telling;
  std::optional<sim::DecisivePair> decisive;
  std::string instead;  // the row that the other order of the decisive pair leads to; may be empty
  std::vector<timeline::Stuck> stuck;

  // The decisive steps, as drawings and sentences want them.
  std::vector<std::size_t> stars() const;
};

// `wanted`: the outcome that the run is shown for; the decisive pair is looked for if it is given.
Explanation explain(const language::Litmus& litmus, const running::LitmusSubject& subject,
                    running::Witness witness, const sim::Wanted& wanted, int workers);

}  // namespace cli
