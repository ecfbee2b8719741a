// SPDX-License-Identifier: Apache-2.0
// Exploration: what an exploration found, how much work that was, and how much it covered.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "sim/schedule.hpp"

namespace sim {

// How an execution stopped. The fifth way, "the simulator is wrong", is no outcome: SIM_ASSERT prints the
// simulated stacks and the schedule and aborts, and what checked runs notice is a Finding.
enum class Ending : std::uint8_t {
  finished,  // every thread ran to its end
  blocked,   // some thread waits for what never comes
  livelock,  // some thread goes round forever although the schedule is fair
  bug,       // the simulated kernel stopped itself
};
const char* name_of(Ending ending);
// How an execution whose last world is in this condition (not running) ended.
Ending ending_of(Condition condition);

struct Outcome {
  std::string text;  // Subject::outcome
  Ending ending = Ending::finished;
  std::uint64_t worlds = 0;      // distinct last worlds with this outcome; worlds on the cycles of a livelock
  std::uint64_t executions = 0;  // executions that ended so; 0 where only worlds are counted
  Schedule witness = {};         // a shortest one, the first of them in a fixed order
  Schedule cycle = {};           // livelock only: after the witness, this again and again
  std::string stacks = {};       // simulated stacks at its end; empty if all finished
};

struct Totals {
  std::uint64_t worlds = 0;       // distinct worlds met; 0 where they are not counted
  std::uint64_t transitions = 0;  // moves between them
  std::uint64_t executions = 0;   // executions run; where worlds are counted, distinct last worlds
  std::uint64_t depth = 0;        // moves of the longest execution; of the longest shortest one, with worlds
  std::uint64_t steps = 0;        // moves made, repeated ones too
  double paths = 0;             // executions that every_path() would make; 0: not counted, or no end of them
  std::uint64_t redundant = 0;  // executions begun that turned out to be another order of an earlier one
  std::uint64_t world_bytes_max = 0;
  std::uint64_t world_bytes_mean = 0;
};

// Why an exploration ended.
enum class Limit : std::uint8_t {
  none,         // nothing was left to explore
  interrupted,  // it was told to stop
  worlds,       // the budget of worlds was used up
  executions,   // the budget of executions was used up
  bytes,        // the budget of memory was used up
  steps,        // some execution was longer than the budget of steps and was given up
  sample,       // the strategy never looks at everything
};
const char* name_of(Limit limit);

// Starts out as incomplete, so that an exploration that ends early cannot look complete.
struct Coverage {
  Limit limit = Limit::interrupted;
  std::uint64_t unexplored = 0;  // worlds met whose moves were not all made; parts of the search not finished
  std::uint64_t given_up = 0;    // executions that were longer than the budget of steps
  bool complete() const { return limit == Limit::none; }
};

// What a checked run noticed: our mistakes, never the simulated program's.
struct Finding {
  enum class Kind : std::uint8_t {
    invariant,     // Subject::broken_invariant
    footprint,     // a step changed what it did not declare
    unrepeatable,  // the same step from the same world led to another world
    order,         // two classes of locks were taken in both orders
  };
  Kind kind = Kind::invariant;
  std::string text;
  Schedule schedule;  // leads to it, its last move being the step to blame; empty for a lock order and the
                      // first world
};
const char* name_of(Finding::Kind kind);

struct Exploration {
  std::vector<Outcome> outcomes;  // by text, then by ending
  Totals totals;
  Coverage coverage;
  std::vector<Finding> findings;  // the first of each kind

  const Outcome* find(const std::string& text) const;
};

// Adds what is told the same way by everything that explores: a lock order inversion if there was one, and
// the simulated stacks at the end of each outcome's witness.
void tell_order(const LockOrder& order, Exploration& exploration);
void tell_stacks(const Subject& subject, Exploration& exploration);

}  // namespace sim
