// SPDX-License-Identifier: Apache-2.0
// Columns: their names, and what stands in them at the end of an execution.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "scenarios/language/litmus.hpp"
#include "traces/final_state.hpp"

namespace language {

// "app.r0", "app.r1.field", "app", "x", "r[1]", "f[0]", "uffd.pending", "v", "kernel-bug".
std::string name_of(const Column& column, const traces::Program& program);

// The columns of the table, then those that only claims mention: what an execution must be asked so that
// verdict.hpp can judge it.
std::vector<Column> all_columns(const Litmus& litmus);

// The words that an execution which ended in `state` has in these columns. A register that was never
// assigned reads as its thread ended: blocked, spins, killed, unborn, or "-" if it ran to its end.
Words row(const Litmus& litmus, std::span<const Column> columns, const traces::FinalState& state);

// Whether a word of a table or claim stands for the seen one: the same, or a message without its place.
bool matches(std::string_view written, std::string_view seen);

}  // namespace language
