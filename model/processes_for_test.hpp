// SPDX-License-Identifier: Apache-2.0
// Processes: a parent and a child, each with one thread; tasks are run one after the other. For unit tests.
#pragma once
#include <gtest/gtest.h>

#include <vector>

#include "model/invariants/invariant.hpp"
#include "model/kernels/kernel.hpp"
#include "model/syscalls/syscalls.hpp"

namespace model {

class Processes {
 public:
  explicit Processes(MachineSetup setup = {}) {
    sim::World::create(arena_);
    setup.kernel = &default_kernel();
    setup.frames = 32;
    setup.processes = {1, 2};
    machine_ = &create_machine(setup);
  }
  Machine& machine() { return *machine_; }
  Process& parent() { return machine_->processes[0]; }
  Process& child() { return machine_->processes[1]; }

  // Runs the task as a thread of the process, to its end.
  template <class Make>
  auto as(Process& process, Make make) {
    using Value = decltype(make().await_resume());
    sim::World& world = sim::World::enter(arena_);
    Value value{};
    Value* result = &value;
    if (&process == &child()) world.spawn("idle", [] { return idle(); });
    world.spawn("thread", [=] { return keep(make, result); });
    std::vector<sim::Move> moves;
    for (world.moves(moves); !moves.empty(); world.moves(moves)) world.step(moves.front());
    EXPECT_EQ(world.condition(), sim::Condition::finished) << world.stacks();
    EXPECT_EQ(broken_invariant(*machine_), "");
    world.dismiss_threads();
    return value;
  }
  Errno fork() {
    return as(parent(), [&] { return sys_fork(parent(), child()); });
  }

 private:
  static sim::Task<void> idle() { co_return; }
  template <class Make, class Value>
  static sim::Task<void> keep(Make make, Value* result) {
    Value value = co_await make();
    *result = value;
  }

  sim::Arena arena_;
  Machine* machine_ = nullptr;
};

}  // namespace model
