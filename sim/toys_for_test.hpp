// SPDX-License-Identifier: Apache-2.0
// Small subjects whose outcomes are known by heart, for the tests and benchmarks of the engine.
#pragma once
#include <functional>
#include <string>
#include <utility>

#include "sim/cell.hpp"
#include "sim/lock.hpp"
#include "sim/rw_lock.hpp"
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

 private:
  State state_;
};

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

}  // namespace sim::toys
