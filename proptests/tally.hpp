// SPDX-License-Identifier: Apache-2.0
// Tally: how often each operation, errno, message and other answer occurred: what a run of the differ
// covered.
#pragma once
#include <cstdint>
#include <map>
#include <string>

#include "proptests/sequence.hpp"

namespace proptests {

class Tally {
 public:
  void add(const Sequence& sequence, const Log& log);
  // "copy  12,345: ok 8,000 (EAGAIN 2p …)", a line an operation.
  std::string to_text() const;

  std::uint64_t operations() const { return operations_; }

 private:
  std::map<std::string, std::map<std::string, std::uint64_t>> answers_;  // by operation, then by answer
  std::uint64_t operations_ = 0;
};

}  // namespace proptests
