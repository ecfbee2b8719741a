// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "model/fault/access.hpp"
#include "model/invariants/invariant.hpp"
#include "model/kernels/kernel.hpp"
#include "model/syscalls/syscalls.hpp"
#include "model/uffd/read.hpp"

namespace model {
namespace {

constexpr VirtAddr kPage{16 * kPageSize};

// A parent and a child, each with one thread; steps are made one task after the other.
struct Fork : testing::Test {
  Fork() {
    sim::World::create(arena);
    machine = &create_machine({.kernel = &default_kernel(), .frames = 32, .processes = {1, 2}});
  }
  Process& parent() { return machine->processes[0]; }
  Process& child() { return machine->processes[1]; }

  // Runs the task as a thread of the process, to its end.
  template <class Make>
  auto as(Process& process, Make make) {
    using Value = decltype(make().await_resume());
    sim::World& world = sim::World::enter(arena);
    Value value{};
    Value* result = &value;
    if (&process == &child()) world.spawn("idle", [] { return idle(); });
    const sim::ThreadId thread = world.spawn("thread", [=] { return keep(make, result); });
    static_cast<void>(thread);
    std::vector<sim::Move> moves;
    for (world.moves(moves); !moves.empty(); world.moves(moves)) world.step(moves.front());
    EXPECT_EQ(world.condition(), sim::Condition::finished) << world.stacks();
    EXPECT_EQ(broken_invariant(*machine), "");
    world.dismiss_threads();
    return value;
  }
  void map_and_store() {
    const auto mapped = as(parent(), [&] {
      return sys_mmap(parent(), kPage, 2 * kPageSize, kProtectRead | kProtectWrite, MapPlacement::fixed);
    });
    EXPECT_TRUE(mapped);
    store(parent(), 'A');
  }
  void store(Process& process, char letter) {
    const Touched touched = as(process, [&process, letter] {
      return touch_memory(process.mm, kPage, Access::write, Mode::user, letter);
    });
    EXPECT_EQ(touched.how, Touched::How::done);
  }
  char load(Process& process) {
    return as(process, [&process] { return touch_memory(process.mm, kPage, Access::read, Mode::user, 0); })
        .content;
  }
  Errno fork() {
    return as(parent(), [&] { return sys_fork(parent(), child()); });
  }
  Pfn frame(Process& process) { return process.mm.page_tables.walk(kPage).pte_pfn(); }

  sim::Arena arena;
  Machine* machine = nullptr;

 private:
  static sim::Task<void> idle() { co_return; }
  template <class Make, class Value>
  static sim::Task<void> keep(Make make, Value* result) {
    Value value = co_await make();
    *result = value;
  }
};

TEST_F(Fork, SharesPagesUntilSomebodyWrites) {
  map_and_store();
  EXPECT_EQ(fork(), Errno::none);
  EXPECT_EQ(frame(child()), frame(parent()));
  EXPECT_EQ(load(child()), 'A');
  store(parent(), 'B');
  EXPECT_NE(frame(child()), frame(parent()));
  EXPECT_EQ(load(child()), 'A');
  EXPECT_EQ(load(parent()), 'B');
}

TEST_F(Fork, LeavesThePageToTheLastWhoHasIt) {
  map_and_store();
  EXPECT_EQ(fork(), Errno::none);
  const Pfn shared = frame(parent());
  store(child(), 'C');
  store(parent(), 'B');
  EXPECT_EQ(frame(parent()), shared) << "nobody else has it any more";
}

TEST_F(Fork, TakesTheRightToWriteFromTheTlbsToo) {
  map_and_store();
  EXPECT_EQ(fork(), Errno::none);
  EXPECT_FALSE(parent().mm.page_tables.walk(kPage).pte_write());
  store(parent(), 'B');
  EXPECT_EQ(load(child()), 'A');
}

TEST_F(Fork, DoesNotCopyWhatWasNeverWritten) {
  const auto mapped = as(parent(), [&] {
    return sys_mmap(parent(), kPage, kPageSize, kProtectRead | kProtectWrite, MapPlacement::fixed);
  });
  EXPECT_TRUE(mapped);
  EXPECT_EQ(load(parent()), '\0');
  EXPECT_EQ(fork(), Errno::none);
  EXPECT_TRUE(child().mm.page_tables.walk(kPage).pte_none()) << "the zero page comes back by itself";
}

TEST_F(Fork, CopiesDescriptorsAndDisarmsWithoutTheEvent) {
  map_and_store();
  EXPECT_TRUE(as(parent(), [&] { return sys_userfaultfd(parent(), 0); }));
  UserfaultfdCtx& ctx = *parent().fds[0].peek()->ctx;
  EXPECT_EQ(as(parent(), [&] { return userfaultfd_api(ctx, {}); }).error, Errno::none);
  const RangeRequest all{kPage, 2 * kPageSize, UFFDIO_REGISTER_MODE_MISSING, UserPointer::readable};
  EXPECT_EQ(as(parent(), [&] { return userfaultfd_register(ctx, all); }).error, Errno::none);
  EXPECT_EQ(fork(), Errno::none);
  EXPECT_EQ(child().fds[0].peek(), parent().fds[0].peek());
  EXPECT_FALSE(child().mm.vmas.vma_lookup(kPage)->userfaultfd_armed());
  EXPECT_TRUE(parent().mm.vmas.vma_lookup(kPage)->userfaultfd_armed());
}

}  // namespace
}  // namespace model
