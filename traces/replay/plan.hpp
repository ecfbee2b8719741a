// SPDX-License-Identifier: Apache-2.0
// A replay plan: a recording as a program (regions, userfaultfds, threads) and the steps that reproduce it
// on a machine, in an order that fits what was recorded. It depends on no machine.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "traces/layout.hpp"
#include "traces/program.hpp"
#include "traces/recording.hpp"

namespace traces {

struct ReplayStep {
  enum class Phase : std::uint8_t {
    whole,  // begin the operation; it has to return at once
    begin,  // begin it; it may sleep
    end,    // by now it has to have returned
  };
  // The fault a read reports: it is raised just before, unless its thread sleeps in it already.
  struct Fault {
    std::optional<std::size_t> thread{};  // none: the message does not say; any of ReplayPlan::strangers
    Operation access{};                   // a load or a store
  };
  Phase phase = Phase::whole;
  std::size_t observation = 0;  // in Recording::observations
  std::size_t thread = 0;       // in Program::threads
  Operation operation{};
  Value expected{};  // as recorded, addresses and threads translated; unset: nothing to compare with
  std::optional<Fault> fault{};
  std::uint64_t begin = 0;  // nanoseconds: the operation happened within [begin, end]
  std::uint64_t end = 0;
};

// Two steps that the plan performs in the other order than they were seen to end, because only that order
// agrees with their results, and the recording allows it: their intervals overlap.
struct Exchange {
  std::size_t first = 0;  // observation that is performed first
  std::size_t second = 0;
};

struct ReplayPlan {
  Program program;
  std::vector<std::size_t> strangers{};  // threads for faults of nobody knows whom
  std::vector<ReplayStep> steps{};
  std::vector<Exchange> exchanges{};
  std::map<std::string, std::uint64_t> not_replayed;  // observations left out, by reason
};

// The letter that replay lets a copy write into the page at this program address, so that what a faulting
// thread loads can be told from any other page's content (nearly: there are 26).
char page_letter(model::VirtAddr address);

// Fails on a recording that cannot be replayed: an address outside every region, a descriptor nobody opened,
// more threads or regions than a program has room for.
Expected<ReplayPlan> plan_replay(const Recording& recording);

}  // namespace traces
