// SPDX-License-Identifier: Apache-2.0
// Replay: the steps of a plan on a machine, one after the other, each answer compared with what was recorded.
//
// A fault is raised on its own thread just before the read that reports it. Copies write page_letter(), since
// a trace has no page contents; what a faulting thread then loads is checked against it.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "traces/machine.hpp"
#include "traces/replay/plan.hpp"

namespace traces {

struct Divergence {
  std::string where;     // FILE:LINE of the observation; empty at the end of the trace
  std::string step;      // what was done: "t11960: read u13"
  std::string recorded;  // what the recording says
  std::string answered;  // what the machine says
  std::string remark;    // what may explain it; may be empty
};

struct ReplayReport {
  std::string machine;
  std::uint64_t performed = 0;
  std::uint64_t faults = 0;  // raised on the machine
  std::map<std::string, std::uint64_t> performed_by_kind;
  std::uint64_t divergence_count = 0;
  std::vector<Divergence> divergences;  // the first kMaxDivergences
  std::uint64_t exchanged = 0;          // see Exchange
  std::vector<std::string> exchanges;   // the first of them, for a person
  std::map<std::string, std::uint64_t> not_replayed;
  std::vector<std::string> asleep;  // threads that still sleep at the end, and where

  static constexpr std::size_t kMaxDivergences = 10;
};

// Performs the plan on a machine that was made for plan.program and has performed nothing yet.
ReplayReport replay(const ReplayPlan& plan, const Recording& recording, Machine& machine);

// For a person: the verdict first.
std::string to_text(const ReplayReport& report);

}  // namespace traces
