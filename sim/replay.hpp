// SPDX-License-Identifier: Apache-2.0
// Replay: the strategy that follows a schedule. Where the schedule does not fit the program it stops and
// says at which choice, and what was possible there.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "sim/schedule.hpp"
#include "sim/strategy.hpp"

namespace sim {

// A schedule that asks for what cannot happen.
struct Misfit {
  std::size_t number = 0;             // which choice of the schedule, from 1
  std::string token;                  // that choice
  std::string why;                    // "monitor waits for mmap_lock, held by reader"
  std::vector<std::string> possible;  // what could have been chosen; empty when the execution was over
};
std::string to_text(const Misfit& misfit);

class Replay : public Strategy {
 public:
  explicit Replay(Schedule schedule) : schedule_(std::move(schedule)) {}

  std::optional<std::size_t> next() override;
  // None at the end of the schedule, and where it does not fit: then misfit() says why.
  std::optional<std::size_t> pick(const World& world, std::span<const Move> moves) override;

  const std::optional<Misfit>& misfit() const { return misfit_; }
  // To be called when the execution has ended: choices that are left over do not fit.
  void ended(const World& world);

 private:
  void note_misfit(const World& world, std::span<const Move> moves);

  Schedule schedule_;
  std::size_t choice_ = 0;  // the next choice
  std::uint32_t made_ = 0;  // steps of it that have been made
  bool begun_ = false;
  std::optional<Misfit> misfit_;
};

// Boots the subject in `arena` and follows the schedule to its end, where the world may still be running.
// Leaves the world current. `before_step` (may be empty) sees each world and the move about to be made.
tl::expected<Condition, Misfit> replay(const Subject& subject, const Schedule& schedule, Arena& arena,
                                       const std::function<void(const World&, Move)>& before_step = {});

// The moves that the schedule stands for.
tl::expected<std::vector<Move>, Misfit> moves_of(const Subject& subject, const Schedule& schedule);

// Boots the subject in `arena`, makes the moves and leaves the world current.
World& replay(const Subject& subject, std::span<const Move> moves, Arena& arena);

}  // namespace sim
