// SPDX-License-Identifier: Apache-2.0
// Effect: what one step read and wrote, in an order in which two of them are quickly compared. Two steps
// whose effects do not meet commute: made in either order, they lead to the same world.
#pragma once
#include <cstdint>
#include <vector>

#include "sim/footprint.hpp"

namespace sim {

class Effect {
 public:
  Effect() = default;
  explicit Effect(const Footprint& footprint) { add(footprint); }

  void add(const Footprint& footprint);
  void add(const Effect& other);
  // The step ended the world: no step of anybody else commutes with it.
  void end_everything() { ends_everything_ = true; }

  // Whether the two have something in common that one of them writes.
  bool meets(const Effect& other) const;

 private:
  // Addresses from `start` to before `end`.
  struct Bytes {
    std::uintptr_t start;
    std::uintptr_t end;
  };
  using Extent = std::vector<Bytes>;  // sorted, apart from each other
  static void tidy(Extent& extent);
  static bool overlap(const Extent& a, const Extent& b);

  Extent reads_;
  Extent writes_;
  bool ends_everything_ = false;
};

}  // namespace sim
