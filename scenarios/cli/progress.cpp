// SPDX-License-Identifier: Apache-2.0
#include "scenarios/cli/progress.hpp"

#include <fmt/format.h>

namespace cli {
namespace {

constexpr std::chrono::milliseconds kPause{200};

}  // namespace

bool ProgressLine::due() {
  if (!terminal_.watched() || Clock::now() - shown_ < kPause) return false;
  shown_ = Clock::now();
  return true;
}

void ProgressLine::show(const sim::Progress& progress) {
  if (!due()) return;
  const double seconds = std::chrono::duration<double>(shown_ - begun_).count();
  std::string text = progress.worlds > 0
                         ? fmt::format("{} worlds, {} waiting, depth {}", grouped(progress.worlds),
                                       grouped(progress.frontier), progress.depth)
                         : fmt::format("{} executions", grouped(progress.executions));
  const std::uint64_t made = progress.worlds > 0 ? progress.worlds : progress.executions;
  text += fmt::format(", {}/s, {:.0f} s; Ctrl-C stops and tells",
                      grouped(static_cast<std::uint64_t>(static_cast<double>(made) / seconds)), seconds);
  dirty_ = true;
  terminal_.complain("\r\x1b[K" + text);
}

void ProgressLine::show(const std::string& text) {
  if (!due()) return;
  dirty_ = true;
  terminal_.complain("\r\x1b[K" + text);
}

void ProgressLine::clear() {
  if (dirty_) terminal_.complain("\r\x1b[K");
  dirty_ = false;
}

}  // namespace cli
