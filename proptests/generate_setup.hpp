// SPDX-License-Identifier: Apache-2.0
// Generated setups: what stands before a program's threads start. Every one succeeds on the kernels it is
// for.
#pragma once
#include "model/uffd/abi.hpp"
#include "proptests/draw.hpp"
#include "traces/program.hpp"

namespace proptests {

struct SetupShape {
  std::uint32_t most_regions = 4;
  std::uint32_t most_pages = 4;  // of a region
  std::uint32_t most_uffds = 2;
  enum class Faults : std::uint8_t {
    mostly_refused,  // most userfaultfds have the SIGBUS feature: what runs alone must not wait for an answer
    mostly_reported,
  } faults = Faults::mostly_refused;
  enum class Forks : std::uint8_t { never, expected } forks = Forks::never;  // expected: EVENT_FORK is likely
  std::uint64_t offered = UFFD_API_FEATURES;  // features of the kernels it is for
};

// Regions and userfaultfds; no threads.
traces::Program generate_setup(Draw& draw, const SetupShape& shape);

// Anonymous memory or a file's, private or shared: what a mapping of a program with these files may be.
traces::Backing generate_backing(Draw& draw, const traces::Program& program);

// Features of a handshake, of those that are offered.
std::uint64_t generate_features(Draw& draw, const SetupShape& shape);

}  // namespace proptests
