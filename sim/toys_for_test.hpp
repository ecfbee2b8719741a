// SPDX-License-Identifier: Apache-2.0
// Small subjects whose outcomes are known by heart, for the tests and benchmarks of the engine.
#pragma once
#include <string>

#include "sim/cell.hpp"
#include "sim/exploration.hpp"
#include "sim/lock.hpp"
#include "sim/subject.hpp"

namespace sim::toys {

inline constexpr LockClass kLockA{"lock A", 1};
inline constexpr LockClass kLockB{"lock B", 2};
inline constexpr const char* kThreadNames[] = {"t0", "t1", "t2", "t3", "t4", "t5", "t6", "t7"};

// A subject whose state is one object of type State, first in the world. State has
// `void boot(World&)`, which spawns the threads, and `std::string outcome(const World&, std::uint8_t) const`.
template <class State>
class Toy : public Subject {
 public:
  explicit Toy(State state = {}) : state_(state) {}
  Arena::Size arena_size() const override { return {.objects = 16384, .stack = 8192}; }
  void boot(Arena& arena) const override {
    World& world = World::create(arena);
    State* state = arena.make<State>(state_);
    state->boot(world);
  }
  static const State& state(const World& world) { return *reinterpret_cast<const State*>(&world + 1); }
  std::string outcome(const World& world, std::uint8_t spinning) const override {
    return state(world).outcome(world, spinning);
  }
  std::string broken_invariant(const World& world) const override {
    if constexpr (requires(const State& looked_at) { looked_at.broken_invariant(); }) {
      return state(world).broken_invariant();
    } else {
      return {};
    }
  }

 private:
  State state_;
};

// Everything in an exploration that must not depend on the number of workers.
inline std::string everything(const Exploration& exploration) {
  std::string text;
  for (const Outcome& outcome : exploration.outcomes) {
    text += outcome.text + " " + name_of(outcome.ending) + " " + std::to_string(outcome.worlds) + " " +
            std::to_string(outcome.executions) + " " + to_text(outcome.witness) + " / " +
            to_text(outcome.cycle) + "\n" + outcome.stacks;
  }
  const Totals& totals = exploration.totals;
  for (std::uint64_t total : {totals.worlds, totals.transitions, totals.executions, totals.depth,
                              totals.steps, totals.world_bytes_max, totals.world_bytes_mean}) {
    text += std::to_string(total) + " ";
  }
  text += std::string(name_of(exploration.coverage.limit)) + " " +
          std::to_string(exploration.coverage.unexplored);
  return text;
}

// `threads` threads, each of which adds one to a counter `times` times; locked or not.
struct Counters {
  int threads = 2;
  int times = 1;
  enum class Locking { locked, racy, nothing_shared } locking = Locking::locked;
  Lock lock{kLockA};
  Cell<int> value{};

  Task<void> count() {
    for (int i = 0; i < times; ++i) {
      if (locking == Locking::locked) {
        co_await lock.lock();
        value.write(value.read() + 1);
        lock.unlock();
        continue;
      }
      co_await point("load");
      if (locking == Locking::nothing_shared) continue;
      const int before = value.read();
      co_await point("store");
      value.write(before + 1);
    }
  }
  void boot(World& world) {
    for (int i = 0; i < threads; ++i) world.spawn(kThreadNames[i], [this] { return count(); });
  }
  std::string outcome(const World&, std::uint8_t) const { return "value=" + std::to_string(value.peek()); }
};

// One thread sleeps until another has set a flag. Without a second look between announcing its sleep and
// sleeping, it can miss the wake-up.
struct WakeUp {
  enum class Recheck { yes, no } recheck = Recheck::yes;
  Cell<bool> flag{};

  Task<void> sleep() {
    co_await point("look");
    if (flag.read()) co_return;
    if (recheck == Recheck::no) co_await point("decided to sleep");
    while (true) {
      set_current_state(RunState::sleeping);
      if (recheck == Recheck::yes) co_await point("look again");
      if (recheck == Recheck::yes && flag.read()) break;
      co_await schedule("the flag");
      if (flag.read()) break;
    }
    set_current_state(RunState::running);
  }
  Task<void> wake() {
    co_await point("set");
    flag.write(true);
    wake_up(0);
  }
  void boot(World& world) {
    world.spawn("sleeper", [this] { return sleep(); });
    world.spawn("waker", [this] { return wake(); });
  }
  std::string outcome(const World& world, std::uint8_t) const {
    return world.finished(0) ? "woken" : "asleep";
  }
};

// Two threads take two locks; in one order, or each in its own.
struct TwoLocks {
  enum class Order { same, opposite } order = Order::opposite;
  enum class When { together, apart } when = When::together;
  Lock a{kLockA};
  Lock b{kLockB};
  Cell<bool> first_is_done{};

  static bool is_set(const void* flag, ThreadId) { return static_cast<const Cell<bool>*>(flag)->peek(); }

  Task<void> take(Lock* first, Lock* second) {
    co_await first->lock();
    co_await second->lock();
    second->unlock();
    first->unlock();
    first_is_done.write(true);
  }
  Task<void> take_later(Lock* first, Lock* second) {
    co_await PointWhen{is_set, &first_is_done, "the first thread"};
    co_await take(first, second);
  }
  void boot(World& world) {
    world.spawn("forward", [this] { return take(&a, &b); });
    Lock* first = order == Order::same ? &a : &b;
    Lock* second = order == Order::same ? &b : &a;
    if (when == When::together)
      world.spawn("backward", [=, this] { return take(first, second); });
    else
      world.spawn("backward", [=, this] { return take_later(first, second); });
  }
  std::string outcome(const World& world, std::uint8_t) const {
    return world.condition() == Condition::finished ? "done" : "deadlock";
  }
};

// One thread spins until a flag is set; another sets it, or only looks at it, or does not exist. Between two
// looks the spinner may also ask whether it should give up.
struct Spinner {
  enum class Other { sets, looks, none } other = Other::sets;
  enum class Asks { nothing, whether_to_give_up } asks = Asks::nothing;
  Cell<bool> flag{};

  Task<void> spin() {
    while (true) {
      co_await point("spin");
      if (flag.read()) co_return;
      if (asks == Asks::nothing) continue;
      const std::uint8_t gives_up = co_await choose(2, "give up");
      if (gives_up) co_return;
    }
  }
  Task<void> act() {
    co_await point("act");
    if (other == Other::sets)
      flag.write(true);
    else
      static_cast<void>(flag.read());
  }
  void boot(World& world) {
    world.spawn("spinner", [this] { return spin(); });
    if (other != Other::none) world.spawn("other", [this] { return act(); });
  }
  std::string outcome(const World&, std::uint8_t spinning) const {
    return spinning ? "spins, threads " + std::to_string(spinning) : "done";
  }
};

}  // namespace sim::toys
