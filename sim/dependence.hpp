// SPDX-License-Identifier: Apache-2.0
// Dependence: which steps of one run met in shared state, and which had to come before which.
#pragma once
#include <span>
#include <vector>

#include "sim/footprint.hpp"
#include "sim/subject.hpp"

namespace sim {

class Dependence {
 public:
  // Makes the moves, which must be possible, from the subject's first world.
  Dependence(const Subject& subject, std::span<const Move> moves);

  std::size_t size() const { return moves_.size(); }
  const Move& move(std::size_t step) const { return moves_[step]; }

  // Whether two steps touched the same bytes, one of them to write.
  bool meet(std::size_t a, std::size_t b) const;
  // Whether `a` comes before `b` in every order that commutes to this run: a chain of steps leads from one to
  // the other, each of the same thread as the next, or meeting it. a < b.
  bool before(std::size_t a, std::size_t b) const { return before_[b][a]; }
  // The latest step of the same thread before `step`, or -1.
  int previous(std::size_t step) const { return previous_[step]; }

  // The moves with `second`, and what it needs, before `first` and all that follows from that; only up to
  // `second`. Empty if something between them needs the one and is needed by the other.
  std::vector<Move> swapped(std::size_t first, std::size_t second) const;

  // A step that is not in the run: after it, the thread waits for a lock that another has.
  struct Pending {
    ThreadId thread = kNoThread;
    std::size_t taken = 0;  // the step in which its holder took the lock
  };
  const std::vector<Pending>& pending() const { return pending_; }
  // The moves with the pending step before the other took the lock, and all that follows from that; only up
  // to it. Empty if it came to its pending step because of that.
  std::vector<Move> swapped(const Pending& pending) const;

 private:
  void note_pending(const World& world);

  std::vector<Move> moves_;
  std::vector<Footprint> footprints_;
  std::vector<Pending> pending_;
  std::vector<int> previous_;
  std::vector<std::vector<bool>> before_;  // [b][a]
};

}  // namespace sim
