// SPDX-License-Identifier: Apache-2.0
#include "sim/world.hpp"

#include <gtest/gtest.h>

#include "sim/cell.hpp"
#include "sim/lock.hpp"
#include "sim/rw_lock.hpp"

namespace sim {
namespace {

constexpr LockClass kCounterLock{"counter lock", 1};
constexpr LockClass kTableLock{"table lock", 2, Sleeps::yes};

struct Counter {
  Lock lock{kCounterLock};
  Cell<int> value;

  Task<void> increment(int times) {
    for (int i = 0; i < times; ++i) {
      co_await lock.lock();
      value.write(value.read() + 1);
      lock.unlock();
    }
  }
};

// Runs the first possible move until none is left.
void run_to_the_end(World& world) {
  std::vector<Move> moves;
  for (world.moves(moves); !moves.empty(); world.moves(moves)) world.step(moves.front());
}

TEST(World, RunsItsThreadsToTheEnd) {
  Arena arena;
  World& world = World::create(arena);
  auto* counter = arena.make<Counter>();
  world.spawn("a", [=] { return counter->increment(3); });
  world.spawn("b", [=] { return counter->increment(3); });
  run_to_the_end(world);
  EXPECT_EQ(world.condition(), Condition::finished);
  EXPECT_EQ(counter->value.peek(), 6);
}

TEST(World, AThreadThatWaitsForALockCannotRun) {
  Arena arena;
  World& world = World::create(arena);
  auto* counter = arena.make<Counter>();
  struct Body {
    static Task<void> takes_and_keeps(Counter* held) {
      co_await held->lock.lock();
      co_await point("inside");
      held->lock.unlock();
    }
  };
  const ThreadId a = world.spawn("a", [=] { return Body::takes_and_keeps(counter); });
  const ThreadId b = world.spawn("b", [=] { return counter->increment(1); });
  world.step({Move::Kind::run, a});  // to the lock
  world.step({Move::Kind::run, a});  // inside
  world.step({Move::Kind::run, b});  // to the lock
  EXPECT_FALSE(world.runnable(b));
  EXPECT_NE(world.stacks().find("waits for counter lock, held by a"), std::string::npos) << world.stacks();
  world.step({Move::Kind::run, a});
  EXPECT_TRUE(world.runnable(b));
}

TEST(World, SavedAndLoadedElsewhereItGoesOnAndHashesTheSame) {
  Arena here;
  Arena there;
  World* world = &World::create(here);
  auto* counter = here.make<Counter>();
  world->spawn("a", [=] { return counter->increment(3); });
  world->step({Move::Kind::run, 0});
  world->step({Move::Kind::run, 0});
  std::vector<std::byte> saved;
  here.save(saved);
  const std::uint64_t hash = here.hash();
  const std::size_t counter_at = here.offset_of(counter);

  there.load(saved);
  EXPECT_EQ(there.hash(), hash);
  world = &World::enter(there);
  run_to_the_end(*world);
  EXPECT_EQ(reinterpret_cast<const Counter*>(there.objects().data() + counter_at)->value.peek(), 3);
  EXPECT_EQ(counter->value.peek(), 1) << "the first world is untouched";
}

struct Table {
  RwLock lock{kTableLock};
  Task<void> read_twice() {
    co_await lock.read_lock();
    co_await point("between");
    lock.read_unlock();
  }
  Task<void> write() {
    co_await lock.write_lock();
    lock.write_unlock();
  }
};

TEST(RwLock, AReaderThatComesAfterAWaitingWriterQueuesBehindIt) {
  Arena arena;
  World& world = World::create(arena);
  auto* table = arena.make<Table>();
  const ThreadId first = world.spawn("first", [=] { return table->read_twice(); });
  const ThreadId writer = world.spawn("writer", [=] { return table->write(); });
  const ThreadId late = world.spawn("late", [=] { return table->read_twice(); });
  for (ThreadId id : {first, first, writer, writer, late, late}) world.step({Move::Kind::run, id});
  EXPECT_TRUE(world.runnable(first));
  EXPECT_FALSE(world.runnable(writer));
  EXPECT_FALSE(world.runnable(late));
  world.step({Move::Kind::run, first});  // releases: the writer's turn
  EXPECT_TRUE(world.runnable(writer));
  EXPECT_FALSE(world.runnable(late));
  world.step({Move::Kind::run, writer});
  EXPECT_TRUE(world.runnable(late));
}

TEST(Choose, EveryAnswerIsAMove) {
  Arena arena;
  World& world = World::create(arena);
  auto* seen = arena.make<Cell<int>>();
  struct Body {
    static Task<void> asks(Cell<int>* answer) {
      const std::uint8_t chosen = co_await choose(3, "which");
      answer->write(chosen);
    }
  };
  world.spawn("a", [=] { return Body::asks(seen); });
  world.step({Move::Kind::run, 0});
  std::vector<Move> moves;
  world.moves(moves);
  ASSERT_EQ(moves.size(), 3u);
  EXPECT_STREQ(world.question().what, "which");
  world.step(moves[2]);
  EXPECT_EQ(seen->peek(), 2);
  EXPECT_EQ(world.condition(), Condition::finished);
}

}  // namespace
}  // namespace sim
