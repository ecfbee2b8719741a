// SPDX-License-Identifier: Apache-2.0
// Sequence: a program in which one operation at a time is performed, so that it has one course, and what a
// machine answered. Two machines agree on a sequence if their logs are equal.
#pragma once
#include <optional>
#include <vector>

#include "traces/machine.hpp"
#include "traces/program.hpp"

namespace proptests {

struct Sequence {
  struct Step {
    // Who performs it; if that thread is asleep, or not born yet, the first that is awake.
    std::uint8_t thread = 0;
    // Base::message: `index` is the step whose message is meant, an earlier one.
    traces::Operation operation;
    friend bool operator==(const Step&, const Step&) = default;
  };
  // Regions, userfaultfds, and threads without bodies.
  traces::Program program;
  std::vector<Step> steps;
  // What is read and written of every page is this byte: the model keeps one byte a page, so a program that
  // writes one byte and reads another would not be one for it.
  std::uint16_t byte_of_page = 0;
  friend bool operator==(const Sequence&, const Sequence&) = default;
};

// One thing that was seen.
struct Event {
  enum class Kind : std::uint8_t {
    performed,  // a step: `value` is what it gave, none if it went to sleep
    woken,      // an earlier step returned `value` while this one ran
    asked,      // after the last step: the mapping of a page (`step` counts pages), in each process
    shown,      // and what the page tables show of it
    closed,     // after that: a descriptor was closed (`step` counts userfaultfds), in each process
  };
  Kind kind = Kind::performed;
  std::size_t step = 0;
  std::size_t thread = 0;
  std::optional<traces::Value> value;
  friend bool operator==(const Event&, const Event&) = default;
};

struct Log {
  std::vector<Event> events;
  traces::FinalState end;            // after the last step
  traces::FinalState after_closing;  // and after every userfaultfd was closed
  std::size_t performed =
      0;  // steps: fewer than there are if all threads fell asleep, or one was out of place
  friend bool operator==(const Log&, const Log&) = default;
};

// Drives the machine, which has been made for `sequence.program`, through the sequence: the steps; then a
// look at everything; then all userfaultfds are closed, which wakes who is asleep, and another look. A step
// is left out if it forks a child that there has been, or from another thread than the child's parent, or if
// the first process would exit above its children.
Log run(const Sequence& sequence, traces::Machine& machine);

// The sequence as the litmus language has it: the threads have bodies, and messages stand in their registers.
// `log` says who performed what. A place that names another thread's message becomes the address it was.
traces::Program as_program(const Sequence& sequence, const Log& log);

}  // namespace proptests
