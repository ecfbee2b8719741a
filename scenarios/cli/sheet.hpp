// SPDX-License-Identifier: Apache-2.0
// Sheet: strips as lines of text within a width: one column a thread, time downward, what changes on the
// right.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "scenarios/cli/terminal.hpp"
#include "scenarios/timeline/drawing.hpp"

namespace cli {

class Sheet {
 public:
  static constexpr std::size_t kWidth = 110;  // columns of a terminal, however many there are really

  Sheet(const std::vector<std::string>& threads, const Paint& paint);

  void add(std::vector<timeline::Strip> strips);
  // A line across all columns before the strips that are added next.
  void add_note(std::string text) { notes_.emplace_back(strips_.size(), std::move(text)); }

  std::string to_text() const;

 private:
  using Widths = std::vector<std::size_t>;  // of the threads' columns, then of what changes

  Widths widths() const;
  std::string heading(const Widths& widths) const;
  std::string rule(const Widths& widths) const;
  std::string lines(const timeline::Strip& strip, const Widths& widths) const;
  std::string notes_before(std::size_t strip) const;

  const std::vector<std::string>& threads_;
  const Paint& paint_;
  std::size_t steps_ = 0;  // width of the steps' numbers
  std::vector<timeline::Strip> strips_;
  std::vector<std::pair<std::size_t, std::string>> notes_;
};

// The tone of what a timeline's mark tells.
Tone tone_of(timeline::Ink ink);

}  // namespace cli
