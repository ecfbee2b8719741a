// SPDX-License-Identifier: Apache-2.0
// UnixSocket: a pair of connected sockets through which processes hand open files to each other.
#pragma once
#include <array>
#include <cstdint>
#include <type_traits>

#include "model/uffd/file.hpp"

namespace model {

// Simplified: both ends stay open as long as any process is there, nothing but files is sent, and a sender
// waits when so many are in flight.
struct UnixSocket {
  static constexpr std::uint8_t kMostInFlight = 4;
  // First in, first out. Each holds a reference.
  struct InFlight {
    std::array<File*, kMostInFlight> files{};
    std::uint8_t count = 0;
    std::array<std::uint8_t, 7> padding{};
  };
  static_assert(std::has_unique_object_representations_v<InFlight>, "padding would tell equal worlds apart");
  sim::Cell<InFlight> in_flight;
};

}  // namespace model
