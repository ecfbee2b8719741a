// SPDX-License-Identifier: Apache-2.0
#include "sim/replay.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/ambient.hpp"

namespace sim {
namespace {

// The thread that a schedule calls `name`, or kNoThread.
ThreadId thread_named(const World& world, const std::string& name) {
  for (ThreadId id = 0; id < world.thread_count(); ++id) {
    if (spelled(world.thread(id).name) == name) return id;
  }
  return kNoThread;
}

std::string why_no_step(const World& world, const std::string& name) {
  const ThreadId id = thread_named(world, name);
  if (id == kNoThread) return fmt::format("there is no thread {}", name);
  if (world.finished(id)) return fmt::format("{} has finished", name);
  const Question& question = world.question();
  if (question.options > 0) return fmt::format("the question {} waits for an answer", spelled(question.what));
  if (world.bug()) return "the simulated kernel has stopped";
  const Wait& wait = world.thread(id).wait;
  const ThreadId holder = wait.holder ? wait.holder(wait.object) : kNoThread;
  if (holder == kNoThread) return fmt::format("{} waits for {}", name, wait.what);
  return fmt::format("{} waits for {}, held by {}", name, wait.what, world.thread(holder).name);
}

std::string why_not(const World& world, const Choice& choice, std::uint32_t made) {
  if (choice.kind == Move::Kind::run) {
    const std::string why = why_no_step(world, choice.name);
    return choice.number == 1 ? why : fmt::format("{} (at step {} of {})", why, made + 1, choice.number);
  }
  const Question& question = world.question();
  if (question.options == 0) return "no question is asked here";
  if (spelled(question.what) != choice.name)
    return fmt::format("the question here is {}", spelled(question.what));
  return fmt::format("the answers are 0 to {}", question.options - 1);
}

}  // namespace

std::string to_text(const Misfit& misfit) {
  const std::string possible =
      misfit.possible.empty() ? "nothing" : fmt::format("{}", fmt::join(misfit.possible, " "));
  return fmt::format("the schedule does not fit at choice {}, '{}': {}; possible there: {}", misfit.number,
                     misfit.token, misfit.why, possible);
}

std::optional<std::size_t> Replay::next() {
  if (begun_) return {};
  begun_ = true;
  return 0;
}

std::optional<std::size_t> Replay::pick(const World& world, std::span<const Move> moves) {
  if (choice_ == schedule_.choices.size()) return {};
  const Choice& wanted = schedule_.choices[choice_];
  for (std::size_t i = 0; i < moves.size(); ++i) {
    Choice offered = spelled(world, moves[i]);
    if (offered.kind == Move::Kind::run) offered.number = wanted.number;
    if (offered != wanted) continue;
    ++made_;
    if (wanted.kind == Move::Kind::answer || made_ == wanted.number) {
      ++choice_;
      made_ = 0;
    }
    return i;
  }
  note_misfit(world, moves);
  return {};
}

void Replay::ended(const World& world) {
  if (choice_ < schedule_.choices.size() && !misfit_) note_misfit(world, {});
}

void Replay::note_misfit(const World& world, std::span<const Move> moves) {
  const Choice& wanted = schedule_.choices[choice_];
  misfit_ = {
      .number = choice_ + 1, .token = to_text(wanted), .why = why_not(world, wanted, made_), .possible = {}};
  for (Move move : moves) misfit_->possible.push_back(to_text(spelled(world, move)));
}

tl::expected<Condition, Misfit> replay(const Subject& subject, const Schedule& schedule, Arena& arena,
                                       const std::function<void(const World&, Move)>& before_step) {
  subject.boot(arena);
  World& world = World::enter(arena);
  Replay strategy(schedule);
  strategy.next();
  std::vector<Move> moves;
  for (world.moves(moves); !moves.empty(); world.moves(moves)) {
    const std::optional<std::size_t> picked = strategy.pick(world, moves);
    if (!picked) break;
    if (before_step) before_step(world, moves[*picked]);
    world.step(moves[*picked]);
  }
  if (moves.empty()) strategy.ended(world);
  if (strategy.misfit()) return tl::unexpected(*strategy.misfit());
  return world.condition();
}

tl::expected<std::vector<Move>, Misfit> moves_of(const Subject& subject, const Schedule& schedule) {
  const Ambient kept;
  Arena arena(subject.arena_size());
  std::vector<Move> moves;
  const auto followed =
      replay(subject, schedule, arena, [&](const World&, Move move) { moves.push_back(move); });
  if (!followed) return tl::unexpected(followed.error());
  return moves;
}

World& replay(const Subject& subject, std::span<const Move> moves, Arena& arena) {
  subject.boot(arena);
  World& world = World::enter(arena);
  for (Move move : moves) world.step(move);
  return world;
}

}  // namespace sim
