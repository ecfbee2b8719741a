// SPDX-License-Identifier: Apache-2.0
#include "scenarios/cli/outcome_text.hpp"

#include <fmt/format.h>

#include "scenarios/cli/terminal.hpp"

namespace cli {
namespace {

// The names of the threads that ended so: "a", "a and b", "a, b and c".
std::string names(const running::Reached& reached, const traces::Program& program, traces::ThreadEnd end) {
  std::vector<std::string> found;
  for (std::size_t i = 0; i < reached.ends.size(); ++i) {
    if (reached.ends[i] == end) found.push_back(program.threads[i].name);
  }
  std::string text;
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (i > 0) text += i + 1 == found.size() ? " and " : ", ";
    text += found[i];
  }
  return text;
}

// Exact as long as a number of that kind is.
std::string paths_text(double paths) {
  return paths < 1e15 ? grouped(static_cast<std::uint64_t>(paths)) : fmt::format("{:.2e}", paths);
}

}  // namespace

std::string ending_text(const running::Reached& reached, const traces::Program& program) {
  if (!reached.kernel_bug.empty()) return "kernel bug: " + reached.kernel_bug;
  const std::string spinning = names(reached, program, traces::ThreadEnd::spins);
  const std::string blocked = names(reached, program, traces::ThreadEnd::blocked);
  const std::string killed = names(reached, program, traces::ThreadEnd::killed);
  std::string text;
  const auto add = [&](const std::string& who, const char* what) {
    if (!who.empty()) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", who, what);
  };
  add(spinning, spinning.find(' ') == std::string::npos ? "spins" : "spin");
  add(blocked, "blocked");
  add(killed, "killed");
  add(names(reached, program, traces::ThreadEnd::unborn), "unborn");
  return text.empty() ? "finished" : text;
}

std::string shortfall_text(const sim::Coverage& coverage) {
  std::string text;
  switch (coverage.limit) {
    case sim::Limit::none:
      return "";
    case sim::Limit::sample:
      return "a sample: other outcomes may exist";
    case sim::Limit::interrupted:
      text = "interrupted";
      break;
    case sim::Limit::worlds:
      text = "stopped by the budget of worlds";
      break;
    case sim::Limit::executions:
      text = "stopped by the budget of executions";
      break;
    case sim::Limit::bytes:
      text = "stopped by the budget of memory";
      break;
    case sim::Limit::steps:
      text = "some executions were too long";
      break;
  }
  if (coverage.given_up > 0) text += fmt::format("; {} given up", counted(coverage.given_up, "execution"));
  if (coverage.unexplored > 0)
    text += fmt::format("; at least {} left to explore", grouped(coverage.unexplored));
  return text + "; other outcomes may exist";
}

std::string totals_text(const sim::Totals& totals) {
  std::string text;
  if (totals.worlds > 0) {
    text = fmt::format("{}, {}, {}", counted(totals.worlds, "world"),
                       counted(totals.transitions, "transition"), counted(totals.executions, "final world"));
  } else {
    text = fmt::format("{}, {}", counted(totals.executions, "execution"), counted(totals.steps, "step"));
  }
  if (totals.paths > 0) text += fmt::format(", {} executions one by one", paths_text(totals.paths));
  return text + fmt::format(", depth {}, world at most {}", totals.depth, bytes_text(totals.world_bytes_max));
}

std::string findings_text(const std::vector<sim::Finding>& findings) {
  std::string text;
  for (const sim::Finding& finding : findings) {
    text += fmt::format("the simulator is wrong ({}): {}\n", sim::name_of(finding.kind), finding.text);
    if (!finding.schedule.choices.empty())
      text += fmt::format("  schedule: {}\n", sim::to_text(finding.schedule));
  }
  return text;
}

}  // namespace cli
