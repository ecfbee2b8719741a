// SPDX-License-Identifier: Apache-2.0
// What the oracle says of descriptors.
#include <utility>

#include "proptests/oracle.hpp"

namespace proptests {

using traces::Operation;

void Oracle::dup(const Operation& operation) {
  const ContextId id = descriptors_[operation.uffd];
  descriptors_[operation.opens] = id;
  ++contexts_[static_cast<std::size_t>(id)].descriptors;
}

void Oracle::close(std::uint8_t uffd) {
  const ContextId id = std::exchange(descriptors_[uffd], kNobody);
  if (--contexts_[static_cast<std::size_t>(id)].descriptors > 0) return;
  std::vector<Span> owned;
  for (const auto& [first, mapping] : mappings_) {
    if (mapping.owner == id) owned.push_back({first, mapping.end});
  }
  for (const Span span : owned) disarm(span);
}

}  // namespace proptests
