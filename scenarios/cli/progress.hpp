// SPDX-License-Identifier: Apache-2.0
// ProgressLine: one line on standard error that is rewritten now and then, and only if a person looks at it.
#pragma once
#include <chrono>
#include <string>

#include "scenarios/cli/terminal.hpp"
#include "sim/effort.hpp"

namespace cli {

class ProgressLine {
 public:
  explicit ProgressLine(const Terminal& terminal) : terminal_(terminal) {}
  ~ProgressLine() { clear(); }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void show(const sim::Progress& progress);
  void show(const std::string& text);
  void clear();

 private:
  bool due();

  using Clock = std::chrono::steady_clock;
  const Terminal& terminal_;
  Clock::time_point begun_ = Clock::now();
  Clock::time_point shown_ = begun_;
  bool dirty_ = false;
};

}  // namespace cli
