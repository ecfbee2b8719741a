// SPDX-License-Identifier: Apache-2.0
// Generated concurrent programs, small enough for every interleaving to be explored.
#pragma once
#include "proptests/draw.hpp"
#include "traces/program.hpp"

namespace proptests {

struct ProgramShape {
  std::uint32_t most_threads = 3;
  std::uint32_t most_operations = 3;  // of a thread
};

// Two threads or more, and now and then a child that one of them forks; every operation has a register of its
// own.
traces::Program generate_program(Draw& draw, const ProgramShape& shape);

}  // namespace proptests
