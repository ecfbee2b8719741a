// SPDX-License-Identifier: Apache-2.0
// A law over small programs: pruning by visited worlds, the number of workers and the order of the search
// change nothing in the table of outcomes.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <set>
#include <vector>

#include "sim/every_path.hpp"
#include "sim/explore.hpp"
#include "sim/random_walk.hpp"
#include "sim/rw_lock.hpp"
#include "sim/toys_for_test.hpp"

namespace sim {
namespace {

constexpr LockClass kTable{"table", 3, Sleeps::yes};

struct Op {
  enum class Kind : std::uint8_t {
    locked_increment,  // under lock x: y += 1
    racy_increment,    // y += 1 in two steps
    nested_locks,      // lock x, then the other one: y += 1
    choose,            // y = answer
    read_table,        // x = y under the table's lock, for reading
    write_table,       // x = y + 1 under the table's lock, for writing
    sleep,             // until somebody wakes all
    wake_all,
    bug_if_odd,  // the simulated kernel stops if y is odd
  };
  static constexpr int kKinds = 9;
  Kind kind = Kind::locked_increment;
  std::uint8_t x = 0;  // 0 or 1
  std::uint8_t y = 0;  // 0 or 1
};

struct Program {
  static constexpr std::size_t kMaxOps = 3;
  struct Code {
    std::array<Op, kMaxOps> ops{};
    std::uint8_t size = 0;
  };
  std::array<Code, 3> threads{};
  Lock locks[2] = {Lock(toys::kLockA), Lock(toys::kLockB)};
  RwLock table{kTable};
  Cell<int> values[2] = {};

  Task<void> run(ThreadId id) {
    for (std::uint8_t i = 0; i < threads[static_cast<std::size_t>(id)].size; ++i) {
      co_await step(threads[static_cast<std::size_t>(id)].ops[i]);
    }
  }
  Task<void> step(const Op& op) {
    Cell<int>& value = values[op.y];
    switch (op.kind) {
      case Op::Kind::locked_increment:
        co_await locks[op.x].lock();
        value.write(value.read() + 1);
        locks[op.x].unlock();
        break;
      case Op::Kind::racy_increment: {
        co_await point("load");
        const int before = value.read();
        co_await point("store");
        value.write(before + 1);
        break;
      }
      case Op::Kind::nested_locks:
        co_await locks[op.x].lock();
        co_await locks[1 - op.x].lock();
        value.write(value.read() + 1);
        locks[1 - op.x].unlock();
        locks[op.x].unlock();
        break;
      case Op::Kind::choose: {
        const std::uint8_t answer = co_await choose(2, "answer");
        value.write(answer);
        break;
      }
      case Op::Kind::read_table:
        co_await table.read_lock();
        values[op.x].write(value.read());
        table.read_unlock();
        break;
      case Op::Kind::write_table:
        co_await table.write_lock();
        values[op.x].write(value.read() + 1);
        table.write_unlock();
        break;
      case Op::Kind::sleep:
        set_current_state(RunState::sleeping);
        co_await schedule("a wake-up");
        break;
      case Op::Kind::wake_all:
        co_await point("wake");
        for (ThreadId id = 0; id < current.world->thread_count(); ++id) wake_up(id);
        break;
      case Op::Kind::bug_if_odd:
        co_await point("look");
        if (value.read() % 2 != 0) kernel_bug("odd");
        break;
    }
  }
  void boot(World& world) {
    for (ThreadId id = 0; id < 3; ++id) {
      if (threads[static_cast<std::size_t>(id)].size == 0) continue;
      world.spawn(toys::kThreadNames[id], [this, id] { return run(id); });
    }
  }
  std::string outcome(const World& world, std::uint8_t) const {
    std::string text = std::to_string(values[0].peek()) + " " + std::to_string(values[1].peek());
    for (ThreadId id = 0; id < world.thread_count(); ++id) text += world.finished(id) ? " done" : " stuck";
    return text;
  }
};

// At most four operations, so that every path can be walked.
Program any_program() {
  Program program;
  const auto ops = *rc::gen::inRange(1, 5);
  for (int i = 0; i < ops; ++i) {
    Program::Code& code = program.threads[static_cast<std::size_t>(*rc::gen::inRange(0, 3))];
    if (code.size == Program::kMaxOps) continue;
    Op& op = code.ops[code.size++];
    op.kind = static_cast<Op::Kind>(*rc::gen::inRange(0, Op::kKinds));
    op.x = static_cast<std::uint8_t>(*rc::gen::inRange(0, 2));
    op.y = static_cast<std::uint8_t>(*rc::gen::inRange(0, 2));
  }
  return program;
}

using Table = std::set<std::pair<std::string, Ending>>;
Table table_of(const Exploration& exploration) {
  Table table;
  for (const Outcome& outcome : exploration.outcomes) table.emplace(outcome.text, outcome.ending);
  return table;
}

RC_GTEST_PROP(OutcomeTable, IsTheSameWithAndWithoutPruningAndForAnyNumberOfWorkers, ()) {
  const toys::Toy<Program> subject(any_program());
  const Exploration every = every_path(subject, {.budget = {.executions = 200000}});
  RC_PRE(every.coverage.complete());
  const Exploration stateful = explore(subject);
  RC_ASSERT(stateful.coverage.complete());
  RC_ASSERT(table_of(stateful) == table_of(every));
  RC_ASSERT(stateful.totals.executions == [&] {
    std::uint64_t worlds = 0;
    for (const Outcome& outcome : every.outcomes) worlds += outcome.worlds;
    return worlds;
  }());
  for (std::size_t i = 0; i < stateful.outcomes.size(); ++i) {
    RC_ASSERT(stateful.outcomes[i].witness.length() == every.outcomes[i].witness.length());
  }
  const std::string alone = toys::everything(stateful);
  RC_ASSERT(toys::everything(explore(subject, {.workers = 2})) == alone);
  RC_ASSERT(toys::everything(explore(subject, {.workers = 4})) == alone);
  RC_ASSERT(toys::everything(every_path(subject, {.workers = 2, .budget = {.executions = 200000}})) ==
            toys::everything(every));
}

RC_GTEST_PROP(OutcomeTable, CheckedStepsFindNothingAndChangeNothing, ()) {
  const toys::Toy<Program> subject(any_program());
  const Exploration checked = explore(subject, {.checks = Checks::every_step});
  for (const Finding& finding : checked.findings) {
    // Taking two locks in both orders is what some of these programs do.
    RC_ASSERT(finding.kind == Finding::Kind::order);
  }
  RC_ASSERT(toys::everything(checked) == toys::everything(explore(subject, {.checks = Checks::none})));
}

}  // namespace
}  // namespace sim
