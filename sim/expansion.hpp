// SPDX-License-Identifier: Apache-2.0
// Expansion: what one worker does to a few saved worlds: it makes every move of each and notes what became
// of it. It looks at what was visited before, and changes nothing that other workers can see.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/checked_step.hpp"
#include "sim/effort.hpp"
#include "sim/frontier.hpp"
#include "sim/graph.hpp"
#include "sim/visited.hpp"

namespace sim {

// A world that one move leads to.
struct Child {
  std::uint64_t hash = 0;
  std::uint32_t known = Visited::kNone;  // its number, if it was visited before this round
  std::uint32_t used = 0;                // bytes of the world
  Move move;
  Condition condition = Condition::running;
  std::uint32_t start = 0;      // running: of its saved bytes; else: of its outcome among `outcomes`
  std::uint32_t end = 0;        // running: of its saved bytes
  std::int32_t complaint = -1;  // among `complaints`, if the step was not in order
};

// The children of some neighbouring worlds of a batch.
struct Offspring {
  std::vector<Child> children;
  std::vector<std::uint32_t> ends;  // a world's children end here in `children`; worlds left out have no end
  std::vector<std::byte> bytes;
  std::vector<std::string> outcomes;
  std::vector<Complaint> complaints;

  void clear();
};

// What a worker needs to run worlds.
class Expander {
 public:
  Expander(const Subject& subject, const Effort& effort, LockOrder& order);

  // Expands batch[first .. last) into `out`. Leaves out the rest when it is told to stop.
  void expand(const Frontier::Batch& batch, std::size_t first, std::size_t last, const Graph& graph,
              const Visited& visited, Offspring& out);

  // The first world: child of nothing.
  void boot(Offspring& out);

 private:
  void note_child(Move move, std::uint64_t hash, std::uint32_t known, Offspring& out);

  const Subject& subject_;
  const Effort& effort_;
  LockOrder* order_;
  Arena arena_;
  std::vector<Move> moves_;
  std::optional<CheckedStep> checked_;
};

}  // namespace sim
