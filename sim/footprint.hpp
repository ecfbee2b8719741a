// SPDX-License-Identifier: Apache-2.0
// Footprints: which shared state a step read and wrote. Cells, locks, lists and slabs record it; a
// reduction may then commute steps whose footprints do not meet, and a checked build compares what a step
// declared with the bytes that it really changed.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace sim {

enum class Access : std::uint8_t { read, write };

struct Touch {
  const void* object = nullptr;
  std::uint32_t size = 0;
  Access access = Access::read;
  friend bool operator==(const Touch&, const Touch&) = default;
};

using Footprint = std::vector<Touch>;

// Where touches of the world being run go; null while nobody records. One per host worker.
inline constinit thread_local Footprint* recording = nullptr;

inline void touch(const void* object, std::size_t size, Access access) {
  if (recording) recording->push_back({object, static_cast<std::uint32_t>(size), access});
}

}  // namespace sim
