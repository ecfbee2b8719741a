// SPDX-License-Identifier: Apache-2.0
// What `uffdsim show` tells a person: the timeline, how it ended, and the schedule.
#pragma once
#include <string>

#include "scenarios/cli/terminal.hpp"
#include "scenarios/timeline/drawing.hpp"

namespace cli {

struct ShowText {
  const language::Litmus& litmus;
  const timeline::Telling& telling;
  timeline::Detail detail = timeline::Detail::runs;
  std::size_t repeats_from = 0;  // a livelock: the first of the steps that go round for ever; 0: none do

  std::string to_text(const Paint& paint) const;

 private:
  std::string timeline_text(const Paint& paint) const;
  std::string ending_text(const Paint& paint) const;
};

}  // namespace cli
