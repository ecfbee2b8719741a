// SPDX-License-Identifier: Apache-2.0
#include "sim/every_trace.hpp"

#include <algorithm>
#include <bit>
#include <set>
#include <span>
#include <utility>

#include "sim/ambient.hpp"
#include "sim/history.hpp"
#include "sim/path_so_far.hpp"
#include "sim/tally.hpp"

namespace sim {
namespace {

ThreadSet runnable_in(const World& world) {
  ThreadSet runnable = 0;
  for (ThreadId id = 0; id < world.thread_count(); ++id) {
    if (world.runnable(id)) runnable |= set_of(id);
  }
  return runnable;
}

ThreadId lowest(ThreadSet threads) { return static_cast<ThreadId>(std::countr_zero(threads)); }

// Who has been struck by a fatal signal: threads look at that without leaving a footprint.
ThreadSet struck_in(const World& world) {
  ThreadSet struck = 0;
  for (ThreadId id = 0; id < world.thread_count(); ++id) {
    if (world.thread(id).fatal_signal) struck |= set_of(id);
  }
  return struck;
}

class Search {
 public:
  Search(const Subject& subject, const Effort& effort)
      : subject_(subject), effort_(effort), arena_(subject.arena_size()) {}

  Exploration run();

 private:
  // A thread whose next step need not be made here: an execution that begins so was made before.
  struct Asleep {
    ThreadId thread;
    Effect effect;
  };
  struct Answer {
    std::uint8_t picked;
    std::uint8_t options;
  };
  // A world on the way of the present execution.
  struct Node {
    std::size_t saved = 0;  // where its bytes begin
    std::size_t moves = 0;  // that led to it
    std::uint64_t hash = 0;
    ThreadSet runnable = 0;
    ThreadSet wanted = 0;  // threads that must be tried here
    ThreadSet tried = 0;
    std::vector<Asleep> asleep = {};
    // What is being tried, with the answers that it got last, and what it did with all answers so far.
    ThreadId thread = kNoThread;
    std::vector<Answer> answers = {};
    Effect effect = {};

    ThreadSet sleepers() const;
  };

  bool within_budget(Exploration& result) const;
  bool next_try(Node& node);
  static bool next_answers(Node& node);
  void make(Node& node);
  Event step(Node& node);
  void look_back(const Event& event);
  void look_back_for_waiting(const World& world);
  void want(std::size_t event);
  std::vector<Asleep> still_asleep(const Node& node, const Event& event) const;
  void enter_world(std::vector<Asleep> asleep);
  void leave_world();
  void move(Move move);

  const Subject& subject_;
  const Effort& effort_;
  Arena arena_;
  std::vector<std::byte> bytes_;
  std::vector<Node> nodes_;
  std::set<std::uint64_t> on_the_way_;  // hashes of the nodes
  std::vector<Move> path_;
  History history_;  // between the nodes
  Footprint footprint_;
  Tally tally_;
  std::uint64_t redundant_ = 0;
};

Exploration Search::run() {
  const Ambient kept;
  const PathSoFar so_far(subject_, [&] { return path_; });
  Exploration result;
  subject_.boot(arena_);
  World::enter(arena_);
  if (current.world->condition() == Condition::running) {
    enter_world({});
  } else {
    tally_.count(subject_, *current.world, arena_.hash(), path_);
  }
  while (!nodes_.empty() && within_budget(result)) {
    if (next_try(nodes_.back())) {
      make(nodes_.back());
    } else {
      leave_world();
    }
  }
  if (nodes_.empty()) result.coverage.limit = tally_.given_up > 0 ? Limit::steps : Limit::none;
  result.coverage.unexplored = nodes_.size();
  tally_.tell(subject_, result);
  result.totals.redundant = redundant_;
  tell_stacks(subject_, result);
  return result;
}

bool Search::within_budget(Exploration& result) const {
  const Budget& budget = effort_.budget;
  if (effort_.stopped()) return false;  // Limit::interrupted, which an exploration starts out with
  const bool too_many = budget.executions != 0 && tally_.executions + tally_.given_up >= budget.executions;
  const bool too_large = budget.bytes != 0 && bytes_.capacity() >= budget.bytes;
  if (too_many) result.coverage.limit = Limit::executions;
  if (too_large) result.coverage.limit = Limit::bytes;
  return !too_many && !too_large;
}

ThreadSet Search::Node::sleepers() const {
  ThreadSet threads = 0;
  for (const Asleep& one : asleep) threads |= set_of(one.thread);
  return threads;
}

// Other answers for the thread that is being tried, then the next thread.
bool Search::next_try(Node& node) {
  if (node.thread != kNoThread) {
    if (next_answers(node)) return true;
    node.tried |= set_of(node.thread);
    node.asleep.push_back({node.thread, std::move(node.effect)});
  }
  const auto open = static_cast<ThreadSet>(node.wanted & node.runnable & ~node.tried & ~node.sleepers());
  node.thread = open == 0 ? kNoThread : lowest(open);
  node.answers.clear();
  node.effect = {};
  return open != 0;
}

bool Search::next_answers(Node& node) {
  while (!node.answers.empty() && node.answers.back().picked + 1 == node.answers.back().options) {
    node.answers.pop_back();
  }
  if (node.answers.empty()) return false;
  ++node.answers.back().picked;
  return true;
}

void Search::make(Node& node) {
  arena_.load(std::span(bytes_).subspan(node.saved));
  const World& world = World::enter(arena_);
  path_.resize(node.moves);
  Event event = step(node);
  std::vector<Asleep> asleep = still_asleep(node, event);
  history_.push(std::move(event));
  for (std::size_t race : history_.races()) want(race);
  const Condition condition = world.condition();
  if (condition == Condition::bug) node.wanted |= node.runnable;  // they have no later step that could race
  if (condition == Condition::running) return enter_world(std::move(asleep));
  if (condition == Condition::blocked) look_back_for_waiting(world);
  tally_.depth = std::max<std::uint64_t>(tally_.depth, path_.size());
  tally_.world_bytes_max = std::max<std::uint64_t>(tally_.world_bytes_max, arena_.used());
  tally_.world_bytes_sum += arena_.used();
  tally_.count(subject_, world, arena_.hash(), path_);
  history_.pop();
}

Event Search::step(Node& node) {
  World& world = *current.world;
  const Wait wait = world.thread(node.thread).wait;
  const ThreadSet struck = struck_in(world);
  Event event{.thread = node.thread, .runnable = node.runnable};
  event.waits = wait.ready && !wait.arrive ? Event::Waits::until_ready : Event::Waits::never;
  footprint_.clear();
  recording = &footprint_;
  touch(&world.thread(node.thread).fatal_signal, 1, Access::read);
  const int threads = world.thread_count();
  move({Move::Kind::run, node.thread, 0});
  for (std::size_t asked = 0; world.question().options > 0; ++asked) {
    if (asked == node.answers.size()) node.answers.push_back({0, world.question().options});
    move({Move::Kind::answer, node.thread, node.answers[asked].picked});
  }
  const auto newly_struck = static_cast<ThreadSet>(struck_in(world) & ~struck);
  for (ThreadId id = 0; id < world.thread_count(); ++id) {
    if (newly_struck & set_of(id)) touch(&world.thread(id).fatal_signal, 1, Access::write);
  }
  if (world.thread_count() != threads)
    touch(&world, 1, Access::write);  // who is born first has the lower number
  recording = nullptr;
  event.effect.add(footprint_);
  if (world.condition() == Condition::bug) event.effect.end_everything();
  event.turned = static_cast<ThreadSet>((node.runnable ^ runnable_in(world)) & ~set_of(node.thread));
  node.effect.add(event.effect);
  return event;
}

void Search::move(Move move) {
  path_.push_back(move);
  ++tally_.steps;
  current.world->step(move);
}

// Threads that wait for ever have a next step too, which might have come earlier; all that is known of it is
// what it waits for.
void Search::look_back_for_waiting(const World& world) {
  for (ThreadId id = 0; id < world.thread_count(); ++id) {
    if (world.finished(id) || !world.thread(id).wait.object) continue;
    Event event{.thread = id, .waits = Event::Waits::until_ready};
    event.effect.add(Footprint{{world.thread(id).wait.object, 1, Access::write}});
    history_.push(std::move(event));
    for (std::size_t race : history_.races()) want(race);
    history_.pop();
  }
}

// Somebody is to be tried before `event` who leads to the last event coming before it.
void Search::want(std::size_t event) {
  Node& node = nodes_[event];
  const ThreadSet initials = history_.initials(event);
  if (initials & (node.wanted | node.sleepers())) return;
  const auto possible = static_cast<ThreadSet>(initials & node.runnable);
  node.wanted |= possible != 0 ? set_of(lowest(possible)) : node.runnable;
}

std::vector<Search::Asleep> Search::still_asleep(const Node& node, const Event& event) const {
  std::vector<Asleep> asleep;
  const ThreadSet runnable = runnable_in(*current.world);
  for (const Asleep& one : node.asleep) {
    const bool woken = (event.turned & set_of(one.thread)) || !(runnable & set_of(one.thread));
    if (!woken && !one.effect.meets(event.effect)) asleep.push_back(one);
  }
  return asleep;
}

// The last event has led to a world in which somebody can go on.
void Search::enter_world(std::vector<Asleep> asleep) {
  const std::uint64_t hash = arena_.hash();
  const std::uint64_t allowed = effort_.budget.steps_per_execution;
  const bool too_long = allowed != 0 && path_.size() >= allowed;
  if (too_long || !on_the_way_.insert(hash).second) {
    ++tally_.given_up;
    nodes_.back().wanted |= nodes_.back().runnable;  // somebody else may lead out of what goes round
    history_.pop();
    return;
  }
  Node node{
      .saved = bytes_.size(), .moves = path_.size(), .hash = hash, .runnable = runnable_in(*current.world)};
  node.asleep = std::move(asleep);
  const auto awake = static_cast<ThreadSet>(node.runnable & ~node.sleepers());
  const ThreadId before = path_.empty() ? kNoThread : path_.back().thread;
  const bool goes_on = before != kNoThread && (awake & set_of(before));  // fewer switches to read
  if (awake == 0) ++redundant_;
  if (awake != 0) node.wanted = goes_on ? set_of(before) : set_of(lowest(awake));
  arena_.save(bytes_);
  nodes_.push_back(std::move(node));
}

void Search::leave_world() {
  on_the_way_.erase(nodes_.back().hash);
  bytes_.resize(nodes_.back().saved);
  nodes_.pop_back();
  if (!nodes_.empty()) history_.pop();
}

}  // namespace

Exploration every_trace(const Subject& subject, const Effort& effort) {
  return Search(subject, effort).run();
}

}  // namespace sim
