// SPDX-License-Identifier: Apache-2.0
// What `uffdsim show` tells a person of one run: the timeline, which two steps decided, how it ended and who would
// have had to act, and the same as sentences.
#pragma once
#include <string>

#include "scenarios/cli/explanation.hpp"
#include "scenarios/cli/terminal.hpp"
#include "scenarios/timeline/drawing.hpp"

namespace cli {

struct ShowText {
  const Explanation& explanation;
  timeline::Detail detail = timeline::Detail::runs;

  std::string to_text(const Paint& paint) const;

 private:
  std::string timeline_text(const Paint& paint) const;
  std::string decisive_text(const Paint& paint) const;
  std::string ending_text(const Paint& paint) const;
  std::string sentences_text() const;
};

// A thread that does not go on: why, what it missed, who would have had to act, where it stands.
std::string stuck_text(const Explanation& explanation, const timeline::Stuck& stuck, const Paint& paint);

}  // namespace cli
