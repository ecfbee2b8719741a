// SPDX-License-Identifier: Apache-2.0
// Code: a thread's statements, flattened. Both machines walk it the same way: ask next() for the
// operation to perform, perform it, store its value in the register it names, ask again.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "traces/program.hpp"

namespace traces {

struct Instruction {
  enum class Kind : std::uint8_t { perform, branch_unless, jump, end };
  Kind kind = Kind::end;
  std::uint16_t target = 0;            // branch_unless, jump
  const Perform* perform = nullptr;    // lives in the Program
  const Condition* condition = nullptr;
  int line = 0;
};
using Code = std::vector<Instruction>;

// Flattens a body. The result points into `body`, which must outlive it.
Code flatten(const Block& body);

// Whether the register's value satisfies the condition.
bool holds(const Condition& condition, std::span<const Value> registers);

// Moves `pc` over branches and jumps to the next operation; null at the end of the body. The caller
// performs it, stores the value, increments `pc`.
const Instruction* next(const Code& code, std::uint16_t& pc, std::span<const Value> registers);

}  // namespace traces
