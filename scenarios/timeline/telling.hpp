// SPDX-License-Identifier: Apache-2.0
// Telling: a schedule followed step by step, and in each step what is worth telling: operations that begin
// and return, sleeps and wakes, what the kernel notes, and what changed for everybody to see.
#pragma once
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "scenarios/language/litmus.hpp"
#include "scenarios/timeline/glimpse.hpp"
#include "sim/replay.hpp"
#include "traces/model/subject.hpp"

namespace timeline {

struct Event {
  enum class Kind : std::uint8_t {
    begins,   // an operation, as the file writes it: "r0 = load x"
    returns,  // its value: "'A'"
    note,     // of the simulated kernel: "queues its fault"
    answer,   // the schedule's answer to a question: "tlb entry dropped? 1"
    sleeps,   // goes to sleep; the text is where
    wakes,    // is woken; the text is by whom
    killed,   // ended with its process
  };
  sim::ThreadId thread = 0;
  Kind kind = Kind::note;
  std::string text;
};

struct Step {
  sim::ThreadId thread = 0;
  std::string function;  // the innermost function of its simulated stack, before the step
  std::string at;        // the scheduling point it stood at
  bool at_lock = false;  // …which takes a lock
  std::vector<Event> events;
  std::vector<std::string> changes;  // "x 'A'", "unread 1", "mmap_changing 0"
  Glimpse after;
};

// One operation that a thread began.
struct Call {
  sim::ThreadId thread = 0;
  std::uint16_t pc = 0;  // of its code
  int line = 0;          // of the file
  std::string text;      // "r0 = load x"
  traces::Layout::Resolved range{};       // where it acts
  std::size_t begun = 0;                  // the step, from 0
  std::optional<std::size_t> returned{};  // the step, from 0
  std::string value{};                    // once it has returned
};

struct Telling {
  std::vector<std::string> threads;
  std::vector<std::string> setting;  // what there was at the beginning, said as changes are
  std::vector<Step> steps;
  std::vector<Call> calls;  // as they began
  Glimpse end;
  sim::Condition condition = sim::Condition::running;
};

// Follows the schedule, or says where it does not fit.
tl::expected<Telling, sim::Misfit> tell(const language::Litmus& litmus, const traces::ModelSubject& subject,
                                        const sim::Schedule& schedule);

}  // namespace timeline
