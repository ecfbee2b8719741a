// SPDX-License-Identifier: Apache-2.0
// CheckedStep: makes a move and then looks whether it was honest: whether every byte it changed was declared
// in its footprint, whether the same move from the same world leads to the same world again, and whether
// the subject's invariants still hold.
#pragma once
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "sim/exploration.hpp"
#include "sim/footprint.hpp"
#include "sim/subject.hpp"

namespace sim {

struct Complaint {
  Finding::Kind kind = Finding::Kind::invariant;
  std::string text;
};

class CheckedStep {
 public:
  explicit CheckedStep(const Subject& subject) : subject_(subject) {}

  // Makes the move in the current world, which lies in `arena`. Returns the first thing wrong with it.
  std::optional<Complaint> make(Arena& arena, Move move);

 private:
  void remember(const Arena& arena);
  void accept(const Arena& arena, const void* object, std::size_t size);
  void accept_engine_state(const Arena& arena);
  std::optional<Complaint> undeclared_write(const Arena& arena, Move move) const;
  std::string nearest_declared(const Arena& arena, std::size_t offset) const;
  bool repeats(Arena& arena, Move move);

  const Subject& subject_;
  Footprint footprint_;
  std::vector<std::byte> saved_;    // the world before the step
  std::vector<std::byte> objects_;  // before the step, and then with what was declared
  std::array<std::vector<std::byte>, kMaxThreads> frames_;
  std::string place_;  // where the thread stood before the step
};

}  // namespace sim
