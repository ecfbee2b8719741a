// SPDX-License-Identifier: Apache-2.0
#include "traces/import/summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace traces {
namespace {

constexpr std::size_t kMaxNames = 256;
constexpr std::size_t kMaxName = 48;
constexpr std::size_t kMaxExcerpt = 80;

void count(std::map<std::string, std::uint64_t>& counts, std::string_view name) {
  const auto found = counts.find(std::string(name.substr(0, kMaxName)));
  if (found != counts.end()) {
    ++found->second;
  } else {
    ++counts[counts.size() < kMaxNames ? std::string(name.substr(0, kMaxName)) : "others"];
  }
}

std::uint64_t total(const std::map<std::string, std::uint64_t>& counts) {
  std::uint64_t sum = 0;
  for (const auto& [name, number] : counts) sum += number;
  return sum;
}

// "ioctl 12, poll 3", the most frequent first.
std::string list(const std::map<std::string, std::uint64_t>& counts) {
  std::vector<std::pair<std::string, std::uint64_t>> sorted(counts.begin(), counts.end());
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  std::string text;
  for (const auto& [name, number] : sorted)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name, number);
  return text;
}

}  // namespace

void ImportSummary::ignore(std::string_view name) { count(ignored, name); }
void ImportSummary::leave_untold(std::string_view name) { count(untold, name); }

void ImportSummary::note_unknown(std::uint64_t line, std::string_view text) {
  if (unknown++ != 0) return;
  first_unknown_line = line;
  first_unknown_text = text.substr(0, kMaxExcerpt);
  for (char& c : first_unknown_text) {
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7f) c = '?';
  }
}

std::string to_text(const ImportSummary& summary) {
  std::string text = fmt::format("{} lines, {} observations\n", summary.lines, summary.observations);
  if (!summary.ignored.empty()) {
    text += fmt::format("  {} of no concern: {}\n", total(summary.ignored), list(summary.ignored));
  }
  if (!summary.untold.empty()) {
    text += fmt::format("  {} about userfaultfd that a trace cannot tell yet: {}\n", total(summary.untold),
                        list(summary.untold));
  }
  if (summary.unknown != 0) {
    text += fmt::format("  {} of no known shape, the first at line {}: {}\n", summary.unknown,
                        summary.first_unknown_line, summary.first_unknown_text);
  }
  return text;
}

}  // namespace traces
