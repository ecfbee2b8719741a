// SPDX-License-Identifier: Apache-2.0
// After: a subject that begins where some moves of another one lead. What can still become of it from there
// is asked by exploring it.
#pragma once
#include <utility>
#include <vector>

#include "sim/subject.hpp"

namespace sim {

class After : public Subject {
 public:
  // The moves must be possible, one after the other, and the subject must outlive this.
  After(const Subject& subject, std::vector<Move> moves) : subject_(subject), moves_(std::move(moves)) {}

  Arena::Size arena_size() const override { return subject_.arena_size(); }
  void boot(Arena& arena) const override;
  std::string outcome(const World& world, std::uint8_t spinning) const override {
    return subject_.outcome(world, spinning);
  }
  std::string broken_invariant(const World& world) const override { return subject_.broken_invariant(world); }

 private:
  const Subject& subject_;
  std::vector<Move> moves_;
};

}  // namespace sim
