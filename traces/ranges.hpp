// SPDX-License-Identifier: Apache-2.0
// Ranges: a set of addresses as disjoint ranges.
#pragma once
#include <cstdint>
#include <map>

namespace traces {

class Ranges {
 public:
  // Adds [start, start + length); nothing if that is empty or wraps.
  void add(std::uint64_t start, std::uint64_t length);
  bool overlap(std::uint64_t start, std::uint64_t length) const;
  std::size_t size() const { return ends_.size(); }
  // From start to end, in order of address.
  const std::map<std::uint64_t, std::uint64_t>& ranges() const { return ends_; }

 private:
  std::map<std::uint64_t, std::uint64_t> ends_;
};

}  // namespace traces
