// SPDX-License-Identifier: Apache-2.0
// Generated setups: what stands before a program's threads start. Every one succeeds on every kernel.
#pragma once
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
};

// Regions and userfaultfds; no threads.
traces::Program generate_setup(Draw& draw, const SetupShape& shape);

// Features of a handshake that every kernel offers.
std::uint64_t generate_features(Draw& draw, SetupShape::Faults faults);

}  // namespace proptests
