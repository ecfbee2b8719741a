// SPDX-License-Identifier: Apache-2.0
// ProgramObserver: hears, besides the notes of the simulated kernel, of every operation of the program that
// returned.
#pragma once
#include "sim/world.hpp"
#include "traces/program.hpp"

namespace traces {

class ProgramObserver : public sim::Observer {
 public:
  virtual void returned(sim::ThreadId thread, const Perform& step, const Value& value) = 0;
};

}  // namespace traces
