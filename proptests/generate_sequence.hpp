// SPDX-License-Identifier: Apache-2.0
// Generated sequences: regions, userfaultfds and operations, valid and invalid, biased so that most of what
// happens is interesting and little sleeps for ever. docs/conformance.md says what is never generated.
#pragma once
#include "model/uffd/abi.hpp"
#include "proptests/draw.hpp"
#include "proptests/sequence.hpp"

namespace proptests {

// A program of fewer steps counts as a short one.
inline constexpr std::uint32_t kLeastSteps = 12;

struct SequenceShape {
  std::uint32_t threads = 1;  // 2: the second answers the first one's faults and events
  enum class Forks : std::uint8_t { never, sometimes } forks = Forks::never;
  std::uint32_t least_steps = kLeastSteps;
  std::uint32_t most_steps = 28;
  std::uint64_t offered = UFFD_API_FEATURES;  // by the kernels it is for
};

Sequence generate_sequence(Draw& draw, const SequenceShape& shape);

}  // namespace proptests
