// SPDX-License-Identifier: Apache-2.0
#include "traces/ranges.hpp"

#include <algorithm>
#include <iterator>

namespace traces {

void Ranges::add(std::uint64_t start, std::uint64_t length) {
  std::uint64_t end = start + length;
  if (end <= start) return;
  auto next = ends_.upper_bound(start);
  if (next != ends_.begin() && std::prev(next)->second >= start) --next;
  while (next != ends_.end() && next->first <= end) {
    start = std::min(start, next->first);
    end = std::max(end, next->second);
    next = ends_.erase(next);
  }
  ends_[start] = end;
}

bool Ranges::overlap(std::uint64_t start, std::uint64_t length) const {
  const std::uint64_t end = start + length;
  if (end <= start) return false;
  const auto next = ends_.lower_bound(end);  // the first that begins at or behind the end
  return next != ends_.begin() && std::prev(next)->second > start;
}

}  // namespace traces
