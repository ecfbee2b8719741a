// SPDX-License-Identifier: Apache-2.0
// Runs a litmus file on the model: every row that can be reached, how often, how it ends, a schedule that
// leads there, and what the file's table and claims say to that.
#pragma once
#include <string>
#include <vector>

#include "scenarios/language/verdict.hpp"
#include "scenarios/running/litmus_subject.hpp"
#include "scenarios/running/strategy.hpp"
#include "sim/effort.hpp"
#include "sim/exploration.hpp"

namespace running {

// On which kernel, and how.
struct Plan {
  const model::Kernel* kernel = &model::default_kernel();
  const model::Defect* defect = nullptr;  // null: the healthy kernel
  Strategy strategy = Strategy::every_world;
  std::uint64_t seed = 1;       // samples
  std::uint64_t walks = 10000;  // executions of a sample
  std::uint32_t depth = 3;      // priorities: how many steps must come in one order
  sim::Effort effort = {};
};

struct Line {
  Reached reached;
  sim::Outcome outcome;
  int row = -1;  // the row of the file's table that allows it, an index into Litmus::rows; -1: none
};

struct ModelRun {
  std::string setup_failure;  // not empty: the program could not be set up and nothing was explored
  std::vector<language::Column> columns;
  std::vector<Line> lines;  // those that the table allows, in its order, then the others
  sim::Totals totals;
  sim::Coverage coverage;
  std::vector<sim::Finding> findings;  // not empty: the simulator is wrong, and nothing here can be trusted
  language::Verdict verdict;

  bool holds() const { return setup_failure.empty() && findings.empty() && verdict.holds(); }
  // The line whose words a verdict quotes; null if there is none.
  const Line* find(const language::Words& words) const;
};

ModelRun run_on_model(const language::Litmus& litmus, const Plan& plan);

// The row of the table that allows these words on this kernel: an index into Litmus::rows, or -1.
int row_that_allows(const language::Litmus& litmus, std::string_view kernel, const language::Words& words);

}  // namespace running
