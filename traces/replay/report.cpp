// SPDX-License-Identifier: Apache-2.0
// A replay's report in words.
#include <fmt/format.h>

#include "traces/replay/replay.hpp"

namespace traces {

std::string to_text(const ReplayReport& report) {
  std::string text = fmt::format("{}: {} divergences; {} operations and {} faults replayed\n", report.machine,
                                 report.divergence_count, report.performed, report.faults);
  for (const auto& [kind, count] : report.performed_by_kind)
    text += fmt::format("  {:<12} {}\n", kind, count);
  for (const Divergence& d : report.divergences) {
    text += fmt::format("{}: {}\n  recorded  {}\n  machine   {}\n", d.where, d.step, d.recorded, d.answered);
    if (!d.remark.empty()) text += fmt::format("  remark    {}\n", d.remark);
  }
  if (report.divergence_count > report.divergences.size()) {
    text += fmt::format("and {} more divergences\n", report.divergence_count - report.divergences.size());
  }
  if (report.exchanged != 0) {
    text += fmt::format("{} pairs of overlapping observations were exchanged to agree with their results\n",
                        report.exchanged);
    for (const std::string& pair : report.exchanges) text += fmt::format("  {}\n", pair);
  }
  for (const auto& [reason, count] : report.not_replayed)
    text += fmt::format("not replayed: {} {}\n", count, reason);
  for (const std::string& thread : report.asleep)
    text += fmt::format("still asleep at the end: {}\n", thread);
  return text;
}

}  // namespace traces
