// SPDX-License-Identifier: Apache-2.0
// OneThread: a process whose only thread runs one task after the other, each to its end. For unit tests.
#pragma once
#include <gtest/gtest.h>

#include "model/invariants/invariant.hpp"
#include "model/kernels/kernel.hpp"
#include "model/syscalls/syscalls.hpp"

namespace model {

template <class T>
bool operator==(const Result<T>& result, const T& value) {
  return result && *result == value;
}
template <class T>
bool operator==(const Result<T>& result, const tl::unexpected<Errno>& why) {
  return result.error() == why.value();
}

class OneThread {
 public:
  explicit OneThread(const Kernel& kernel = default_kernel(), SysPtrace capability = SysPtrace::present) {
    sim::World::create(arena_);
    process_ = create_machine({.kernel = &kernel, .frames = 32, .capability = capability}).processes;
  }
  // A machine with a pool of huge pages.
  OneThread(const Kernel& kernel, std::uint32_t huge_pages) {
    sim::World::create(arena_);
    process_ =
        create_machine({.kernel = &kernel, .frames = 32, .leaf_bits = 9, .huge_pages = huge_pages}).processes;
  }

  Process& process() { return *process_; }
  Machine& machine() { return *process_->machine; }
  Mm& mm() { return process_->mm; }
  UserfaultfdCtx& ctx(int fd = 0) { return *process_->fds[fd].peek()->ctx; }

  // Runs the task that `make()` returns and gives its result. Fails the test if it gets stuck or if an
  // invariant does not hold afterwards.
  template <class Make>
  auto run(Make make) -> decltype(make().await_resume()) {
    using Value = decltype(make().await_resume());
    sim::World& world = sim::World::enter(arena_);
    if constexpr (std::is_void_v<Value>) {
      world.spawn("thread", make);
      finish(world);
    } else {
      Value value{};
      Value* result = &value;
      world.spawn("thread", [=] { return keep(make, result); });
      finish(world);
      return value;
    }
  }

  // A context that has shaken hands, as descriptor 0.
  void open_uffd(std::uint64_t features = 0) {
    EXPECT_EQ(run([&] { return sys_userfaultfd(process(), UFFD_USER_MODE_ONLY); }), 0);
    const IoctlReply reply = run([&] { return userfaultfd_api(ctx(), {.features = features}); });
    EXPECT_EQ(reply.error, Errno::none);
  }
  Errno map(VirtAddr start, PageCount pages, std::uint8_t protection = kProtectRead | kProtectWrite) {
    const Result<VirtAddr> at =
        run([&] { return sys_mmap(process(), start, pages.bytes(), protection, MapPlacement::fixed); });
    return at ? Errno::none : at.error();
  }
  IoctlReply arm(VirtAddr start, PageCount pages, std::uint64_t mode = UFFDIO_REGISTER_MODE_MISSING) {
    return run([&] {
      return userfaultfd_register(ctx(), {start, pages.bytes(), mode, UserPointer::readable});
    });
  }

 private:
  template <class Make, class Value>
  static sim::Task<void> keep(Make make, Value* result) {
    Value value = co_await make();
    *result = value;
  }
  void finish(sim::World& world) {
    std::vector<sim::Move> moves;
    for (world.moves(moves); !moves.empty(); world.moves(moves)) world.step(moves.front());
    ASSERT_EQ(world.condition(), sim::Condition::finished) << world.stacks();
    EXPECT_EQ(broken_invariant(*process_->machine), "");
    world.dismiss_threads();
  }

  sim::Arena arena_;
  Process* process_ = nullptr;
};

// The n-th page of the address space, and the n-th huge one.
inline VirtAddr page(std::uint64_t n) { return {n * kPageSize}; }
inline VirtAddr huge_page(std::uint64_t n) { return {n * kHugePageSize}; }

}  // namespace model
