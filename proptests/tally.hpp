// SPDX-License-Identifier: Apache-2.0
// Tally: how often each operation, errno, message and other answer occurred: what a run of the fuzzer
// covered.
#pragma once
#include <cstdint>
#include <map>
#include <string>

#include "proptests/sequence.hpp"

namespace proptests {

class Tally {
 public:
  using Answers =
      std::map<std::string, std::map<std::string, std::uint64_t>>;  // by operation, then by answer

  Tally() = default;
  Tally(Answers answers, std::uint64_t operations) : answers_(std::move(answers)), operations_(operations) {}

  void add(const Tally& other);
  void add(const Sequence& sequence, const Log& log);
  // "copy  12,345: ok 8,000 (EAGAIN 2p …)", a line an operation.
  std::string to_text() const;

  const Answers& answers() const { return answers_; }
  std::uint64_t operations() const { return operations_; }

 private:
  Answers answers_;
  std::uint64_t operations_ = 0;
};

}  // namespace proptests
