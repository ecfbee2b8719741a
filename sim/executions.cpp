// SPDX-License-Identifier: Apache-2.0
#include "sim/executions.hpp"

#include <algorithm>
#include <optional>

#include "sim/ambient.hpp"
#include "sim/crew.hpp"
#include "sim/path_so_far.hpp"
#include "sim/tally.hpp"

namespace sim {
namespace {

// A strategy's turn is over after so many executions; then the budget is looked at.
constexpr std::uint64_t kTurn = 1024;

struct Part {
  std::unique_ptr<Strategy> strategy;
  std::vector<Move> path;  // of the latest execution
  Tally tally;
  bool done = false;
};

// What a worker needs to run executions.
class Executor {
 public:
  Executor(const Subject& subject, const Effort& effort, LockOrder& order)
      : subject_(subject),
        effort_(effort),
        order_(effort.checks == Checks::every_step ? &order : nullptr),
        arena_(subject.arena_size()) {
    if (effort.checks == Checks::every_step) checked_.emplace(subject);
  }

  // At most that many executions of the part.
  void run(Part& part, std::uint64_t executions) {
    const Ambient kept;
    lock_order = order_;
    const PathSoFar so_far(subject_, [&] { return part.path; });
    kept_.clear();
    bytes_.clear();
    for (std::uint64_t i = 0; i < executions && !part.done && !effort_.stopped(); ++i) execute(part);
  }

 private:
  struct Kept {
    std::size_t depth;
    std::size_t start;  // of the saved bytes
  };

  void execute(Part& part);
  void go_back(Part& part, std::size_t depth);
  void keep(std::size_t depth);
  void step(Part& part, Move move);
  void finish(Part& part);

  const Subject& subject_;
  const Effort& effort_;
  LockOrder* order_;
  Arena arena_;
  std::vector<Move> moves_;
  std::vector<Kept> kept_;  // worlds on the way of the latest execution
  std::vector<std::byte> bytes_;
  std::optional<CheckedStep> checked_;
};

void Executor::execute(Part& part) {
  const std::optional<std::size_t> shared = part.strategy->next();
  if (!shared) {
    part.done = true;
    return;
  }
  go_back(part, *shared);
  const bool keeps = part.strategy->shares() == Strategy::Shares::prefixes;
  const std::uint64_t allowed = effort_.budget.steps_per_execution;
  while (true) {
    const World& world = *current.world;
    world.moves(moves_);
    if (moves_.empty()) return finish(part);
    if (keeps && moves_.size() > 1) keep(part.path.size());
    const bool too_long = allowed != 0 && part.path.size() >= allowed;
    const std::optional<std::size_t> picked = too_long ? std::nullopt : part.strategy->pick(world, moves_);
    if (!picked) {
      ++part.tally.given_up;
      return;
    }
    step(part, moves_[*picked]);
  }
}

// To the world that the latest execution was in after `depth` moves.
void Executor::go_back(Part& part, std::size_t depth) {
  while (!kept_.empty() && kept_.back().depth > depth) {
    bytes_.resize(kept_.back().start);
    kept_.pop_back();
  }
  std::size_t at = 0;
  if (kept_.empty()) {
    subject_.boot(arena_);
    World::enter(arena_);
  } else {
    arena_.load(std::span(bytes_).subspan(kept_.back().start));
    World::enter(arena_);
    at = kept_.back().depth;
  }
  const std::vector<Move> before(part.path.begin() + static_cast<std::ptrdiff_t>(at),
                                 part.path.begin() + static_cast<std::ptrdiff_t>(depth));
  part.path.resize(at);
  for (Move move : before) step(part, move);
}

void Executor::keep(std::size_t depth) {
  if (!kept_.empty() && kept_.back().depth == depth) return;
  kept_.push_back({depth, bytes_.size()});
  arena_.save(bytes_);
}

void Executor::step(Part& part, Move move) {
  part.path.push_back(move);
  ++part.tally.steps;
  if (!checked_) return current.world->step(move);
  const std::optional<Complaint> complaint = checked_->make(arena_, move);
  if (complaint) part.tally.complain(*complaint, part.path);
}

void Executor::finish(Part& part) {
  Tally& tally = part.tally;
  tally.depth = std::max<std::uint64_t>(tally.depth, part.path.size());
  tally.world_bytes_max = std::max<std::uint64_t>(tally.world_bytes_max, arena_.used());
  tally.world_bytes_sum += arena_.used();
  tally.count(subject_, *current.world, arena_.hash(), part.path);
}

class Run {
 public:
  Run(const Subject& subject, std::vector<std::unique_ptr<Strategy>> strategies, const Effort& effort)
      : subject_(subject), effort_(effort), crew_(effort.workers), parts_(strategies.size()) {
    for (std::size_t i = 0; i < parts_.size(); ++i) parts_[i].strategy = std::move(strategies[i]);
    for (int i = 0; i < crew_.size(); ++i) {
      executors_.push_back(std::make_unique<Executor>(subject, effort_, order_));
    }
  }

  Exploration all(Limit covered);

 private:
  void turn(const std::vector<Part*>& open, std::uint64_t executions);
  void report_progress(std::size_t open) const;
  std::uint64_t executions() const;

  const Subject& subject_;
  const Effort effort_;
  Crew crew_;
  LockOrder order_;
  std::vector<std::unique_ptr<Executor>> executors_;
  std::vector<Part> parts_;
};

std::uint64_t Run::executions() const {
  std::uint64_t sum = 0;
  for (const Part& part : parts_) sum += part.tally.executions + part.tally.given_up;
  return sum;
}

// At most that many executions, shared out evenly; the first parts get what is left over.
void Run::turn(const std::vector<Part*>& open, std::uint64_t executions) {
  const std::uint64_t each = executions / open.size();
  const std::uint64_t left_over = executions % open.size();
  crew_.share(open.size(), [&](int worker, std::size_t i) {
    executors_[static_cast<std::size_t>(worker)]->run(*open[i],
                                                      std::min(kTurn, each + (i < left_over ? 1 : 0)));
  });
}

Exploration Run::all(Limit covered) {
  Exploration result;
  while (true) {
    std::vector<Part*> open;
    for (Part& part : parts_) {
      if (!part.done) open.push_back(&part);
    }
    const std::uint64_t done = executions();
    const std::uint64_t allowed =
        effort_.budget.executions == 0 ? ~std::uint64_t{0} : effort_.budget.executions;
    result.coverage.unexplored = open.size();
    report_progress(open.size());
    if (open.empty()) result.coverage.limit = covered;
    if (!open.empty() && done >= allowed) result.coverage.limit = Limit::executions;
    if (open.empty() || done >= allowed || effort_.stopped()) break;
    turn(open, allowed - done);
  }
  Tally sum;
  for (const Part& part : parts_) sum.add(part.tally);
  sum.tell(subject_, result);
  if (result.coverage.complete() && sum.given_up > 0) result.coverage.limit = Limit::steps;
  tell_order(order_, result);
  tell_stacks(subject_, result);
  return result;
}

void Run::report_progress(std::size_t open) const {
  if (!effort_.progress) return;
  Progress progress{.frontier = open};
  for (const Part& part : parts_) {
    progress.executions += part.tally.executions;
    progress.transitions += part.tally.steps;
    progress.depth = std::max(progress.depth, part.tally.depth);
  }
  effort_.progress(progress);
}

}  // namespace

Exploration run_executions(const Subject& subject, std::vector<std::unique_ptr<Strategy>> strategies,
                           Limit covered, const Effort& effort) {
  return Run(subject, std::move(strategies), effort).all(covered);
}

}  // namespace sim
