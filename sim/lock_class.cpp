// SPDX-License-Identifier: Apache-2.0
#include "sim/lock_class.hpp"

#include "sim/assert.hpp"

namespace sim {

void LockOrder::taken(const LockClass& outer, const LockClass& inner) {
  SIM_ASSERT(outer.id < kClasses && inner.id < kClasses);
  if (outer.id == inner.id) {
    SIM_ASSERT(outer.nests == Nests::yes);
    return;
  }
  names_[outer.id].store(outer.name, std::memory_order_relaxed);
  names_[inner.id].store(inner.name, std::memory_order_relaxed);
  inner_[outer.id].fetch_or(std::uint64_t{1} << inner.id, std::memory_order_relaxed);
}

std::string LockOrder::inversion() const {
  for (std::size_t start = 0; start < kClasses; ++start) {
    // Breadth first from `start`; came_from tells the way back.
    std::array<int, kClasses> came_from;
    came_from.fill(-1);
    std::array<std::size_t, kClasses> queue{start};
    std::size_t head = 0;
    std::size_t tail = 1;
    while (head < tail) {
      const std::size_t at = queue[head++];
      const std::uint64_t next = inner_[at].load(std::memory_order_relaxed);
      for (std::size_t to = 0; to < kClasses; ++to) {
        if (!(next >> to & 1)) continue;
        if (to == start) {
          std::string path = names_[start].load();
          for (std::size_t back = at; back != start; back = static_cast<std::size_t>(came_from[back])) {
            path = std::string(names_[back].load()) + " → " + path;
          }
          return std::string(names_[start].load()) + " → " + path;
        }
        if (came_from[to] >= 0) continue;
        came_from[to] = static_cast<int>(at);
        queue[tail++] = to;
      }
    }
  }
  return {};
}

}  // namespace sim
