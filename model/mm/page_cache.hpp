// SPDX-License-Identifier: Apache-2.0
// PageCache: the pages of one file that exist, by index (the xarray of an address_space). Every look and
// every change is one step; whoever needs more than that holds the folio's lock.
#pragma once
#include <array>
#include <cstdint>

#include "model/mm/folio.hpp"
#include "sim/slab.hpp"

namespace model {

// A run of neighbouring indices.
struct PageCacheNode {
  static constexpr std::uint64_t kSlots = 8;
  std::uint64_t first = 0;  // index of the first slot, a multiple of kSlots
  std::array<sim::Cell<Folio*>, kSlots> slots;
  sim::Cell<PageCacheNode*> next;  // of a higher index
};

class PageCache {
 public:
  using Nodes = sim::Slab<PageCacheNode>;

  // The folio at the index, or null.
  Folio* load(std::uint64_t index) const;
  // Puts the folio there, or null to leave a hole. A node is taken from `nodes` if there is none.
  void store(Nodes& nodes, std::uint64_t index, Folio* folio);
  // The first index in [first, end) at which there is a folio; `end` if there is none.
  std::uint64_t find(std::uint64_t first, std::uint64_t end) const;
  // Gives the nodes back. Nothing is in it any more.
  void free(Nodes& nodes);

  // For looking from outside the simulation.
  const Folio* peek(std::uint64_t index) const;

 private:
  sim::Cell<PageCacheNode*> nodes_;
};

}  // namespace model

template <>
inline constexpr bool sim::dropped_with_its_world<model::PageCacheNode> = true;
