// SPDX-License-Identifier: Apache-2.0
#include "traces/kernel/kernel_machine.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>

#include <chrono>
#include <csignal>

#include "traces/kernel/sample_programs_test.hpp"

namespace traces {
namespace {

class KernelMachineTest : public KernelTest {};

constexpr std::uint64_t kMissing = UFFDIO_REGISTER_MODE_MISSING;

// Two threads without code: all that a steered machine needs.
Program two_threads(std::uint64_t features = 0, std::uint64_t pages = 1) {
  Program program = one_page(features);
  program.regions[0].pages = {pages};
  program.uffds[0].registrations[0].range.length = pages * model::kPageSize;
  program.uffds[0].flags = O_NONBLOCK | O_CLOEXEC;
  program.threads = {thread("app", {}, {}), thread("monitor", {}, {})};
  return program;
}

std::optional<Value> answer(KernelMachine& machine, std::size_t thread, const Operation& operation,
                            const Value& message = {}) {
  machine.perform(thread, operation, message);
  return machine.take_result(thread);
}

Operation on_page(Operation operation, std::uint64_t page, std::uint64_t pages = 1) {
  operation.range.offset = page * model::kPageSize;
  operation.range.length = pages * model::kPageSize;
  return operation;
}

Operation of_message(Operation operation) {
  operation.range = {.base = RangeExpression::Base::message, .index = 0};
  return operation;
}

TEST_F(KernelMachineTest, AFaultSleepsUntilItsCopy) {
  KernelMachine machine(two_threads());
  EXPECT_EQ(answer(machine, 0, load(0)), std::nullopt);
  EXPECT_EQ(machine.look().threads[0].end, ThreadEnd::blocked);
  EXPECT_EQ(machine.look().uffds[0].pending, 1u);
  const std::optional<Value> message = answer(machine, 1, op(OperationKind::read));
  ASSERT_TRUE(message);
  EXPECT_EQ(message->kind, ValueKind::message);
  EXPECT_EQ(message->event, UFFD_EVENT_PAGEFAULT);
  EXPECT_EQ(message->start, 0x1000u);
  EXPECT_EQ(machine.take_result(0), std::nullopt);
  EXPECT_EQ(answer(machine, 1, of_message(copy("A")), *message), Value::with_field(model::Errno::none, 4096));
  EXPECT_EQ(machine.take_result(0), Value::letter('A'));
  EXPECT_EQ(machine.take_result(0), std::nullopt);
  EXPECT_EQ(machine.look().threads[0].end, ThreadEnd::done);
  EXPECT_EQ(machine.look().pages[0][0].content, 'A');
}

TEST_F(KernelMachineTest, OutputFieldsTellWrittenFromUntouched) {
  KernelMachine machine(two_threads(0, 4));
  const auto again = model::Errno::again, exist = model::Errno::exist, inval = model::Errno::inval;
  EXPECT_EQ(answer(machine, 1, on_page(copy("A"), 1)), Value::with_field(model::Errno::none, 4096));
  EXPECT_EQ(answer(machine, 1, on_page(copy("B"), 1)), Value::with_field(exist, -EEXIST));
  EXPECT_EQ(answer(machine, 1, on_page(copy("BC"), 0, 2)), Value::with_field(again, 4096));
  Operation bad = on_page(copy("A"), 2);
  bad.mode = 0x80;
  EXPECT_EQ(answer(machine, 1, bad), Value::untouched(inval));
  Operation unreadable = on_page(copy("A"), 2);
  unreadable.argument = Argument::unreadable;
  EXPECT_EQ(answer(machine, 1, unreadable), Value::untouched(model::Errno::fault));
  EXPECT_EQ(answer(machine, 1, on_page(op(OperationKind::zeropage), 3)),
            Value::with_field(model::Errno::none, 4096));
  Operation register_again = on_page(op(OperationKind::register_), 0);
  EXPECT_EQ(answer(machine, 1, register_again), Value::untouched(inval));
  register_again.mode = kMissing;
  EXPECT_EQ(answer(machine, 1, register_again)->field & 0x1c, 0x1c);  // WAKE, COPY, ZEROPAGE
  EXPECT_EQ(answer(machine, 1, op(OperationKind::api)), Value::with_field(inval, 0));
  const FinalState state = machine.look();
  EXPECT_EQ(state.pages[0][0].content, 'B');
  EXPECT_EQ(state.pages[0][1].content, 'A');
  EXPECT_EQ(state.pages[0][2].state, PageState::missing);
  EXPECT_EQ(state.pages[0][3].state, PageState::present);
  EXPECT_EQ(state.pages[0][3].content, 0);
}

TEST_F(KernelMachineTest, TheSigbusFeatureRaisesASignal) {
  KernelMachine machine(two_threads(UFFD_FEATURE_SIGBUS));
  EXPECT_EQ(answer(machine, 0, load(0)), Value::signal(SIGBUS));
  EXPECT_EQ(answer(machine, 0, op(OperationKind::copy_from_user)), Value::of(model::Errno::fault));
  Operation to_user = op(OperationKind::copy_to_user);
  to_user.contents = "Q";
  EXPECT_EQ(answer(machine, 0, to_user), Value::of(model::Errno::fault));
  EXPECT_EQ(answer(machine, 1, copy("A")), Value::with_field(model::Errno::none, 4096));
  EXPECT_EQ(answer(machine, 0, op(OperationKind::copy_from_user)), Value::letter('A'));
  EXPECT_EQ(answer(machine, 0, to_user), Value::ok());
  EXPECT_EQ(answer(machine, 0, load(0)), Value::letter('Q'));
}

TEST_F(KernelMachineTest, AnUnreadRemoveEventRefusesCopies) {
  KernelMachine machine(two_threads(UFFD_FEATURE_EVENT_REMOVE));
  EXPECT_EQ(answer(machine, 0, op(OperationKind::dontneed)), std::nullopt);
  const std::optional<Value> refused = answer(machine, 1, copy("A"));
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->error, model::Errno::again);
  const std::optional<Value> event = answer(machine, 1, op(OperationKind::read));
  ASSERT_TRUE(event);
  EXPECT_EQ(event->event, UFFD_EVENT_REMOVE);
  EXPECT_EQ(event->start, 0x1000u);
  EXPECT_EQ(event->end, 0x2000u);
  EXPECT_EQ(machine.take_result(0), Value::ok());
  EXPECT_EQ(answer(machine, 1, copy("A")), Value::with_field(model::Errno::none, 4096));
}

TEST_F(KernelMachineTest, UnmapTellsAfterTheRangeIsGone) {
  KernelMachine machine(two_threads(UFFD_FEATURE_EVENT_UNMAP));
  EXPECT_EQ(answer(machine, 0, op(OperationKind::munmap)), std::nullopt);
  EXPECT_EQ(answer(machine, 1, op(OperationKind::vma))->small, 0);
  EXPECT_EQ(answer(machine, 1, op(OperationKind::read))->event, UFFD_EVENT_UNMAP);
  EXPECT_EQ(machine.take_result(0), Value::ok());
  EXPECT_EQ(machine.look().pages[0][0].state, PageState::unmapped);
  EXPECT_EQ(answer(machine, 0, load(0)), Value::signal(SIGSEGV));
}

TEST_F(KernelMachineTest, KernelStateCanBeAskedFor) {
  KernelMachine machine(two_threads(UFFD_FEATURE_THREAD_ID | UFFD_FEATURE_EXACT_ADDRESS));
  using vma_state::kMapped, vma_state::kRead, vma_state::kWrite, vma_state::kUffdMissing;
  EXPECT_EQ(answer(machine, 0, op(OperationKind::vma))->small, kMapped | kRead | kWrite | kUffdMissing);
  EXPECT_EQ(answer(machine, 0, op(OperationKind::pagemap))->small, static_cast<int>(PageState::missing));
  EXPECT_EQ(answer(machine, 1, op(OperationKind::poll))->small, 0);
  Operation exact = load(0);
  exact.range.offset = 0x123;
  EXPECT_EQ(answer(machine, 0, exact), std::nullopt);
  Operation poll = op(OperationKind::poll);
  EXPECT_EQ(answer(machine, 1, poll)->small, POLLIN);
  const std::optional<Value> counts = answer(machine, 1, op(OperationKind::fdinfo));
  EXPECT_EQ(counts->start, 1u);
  EXPECT_EQ(counts->end, 1u);
  const std::optional<Value> message = answer(machine, 1, op(OperationKind::read));
  EXPECT_EQ(message->thread, 0);
  EXPECT_EQ(message->start, 0x1123u);
  EXPECT_EQ(answer(machine, 1, op(OperationKind::close)), Value::ok());  // wakes, and the fault is native
  EXPECT_EQ(machine.take_result(0), Value::letter('\0'));
  EXPECT_EQ(answer(machine, 1, op(OperationKind::close)), Value::of(model::Errno::badf));
  EXPECT_EQ(answer(machine, 1, op(OperationKind::fdinfo)), Value::of(model::Errno::badf));
  EXPECT_EQ(answer(machine, 1, poll)->small, POLLNVAL);
  EXPECT_FALSE(machine.look().uffds[0].open);
}

TEST_F(KernelMachineTest, InitialContentsLieInPlainMappings) {
  Program program = two_threads(0, 3);
  program.regions[0].initial = {"A", "", "B"};
  program.regions.push_back(program.regions[0]);
  program.regions[1].placement = Region::Placement::adjacent;
  program.regions[1].protection = kProtRead;
  KernelMachine machine(program);
  for (const std::vector<FinalState::Page>& pages : machine.look().pages) {
    EXPECT_EQ(pages[0].content, 'A');
    EXPECT_EQ(pages[1].state, PageState::missing);
    EXPECT_EQ(pages[2].content, 'B');
  }
  Operation end_of_page = load(1);
  end_of_page.range.offset = 4095;
  EXPECT_EQ(answer(machine, 0, end_of_page), Value::letter('A'));
  Operation store = load(1);
  store.kind = OperationKind::store;
  EXPECT_EQ(answer(machine, 0, store), Value::signal(SIGSEGV));
}

TEST_F(KernelMachineTest, ExitEndsTheProcessAndResetBeginsAnother) {
  const Program program = two_threads();
  KernelMachine machine(program);
  EXPECT_EQ(answer(machine, 0, load(0)), std::nullopt);
  EXPECT_EQ(answer(machine, 1, op(OperationKind::exit)), std::nullopt);
  EXPECT_TRUE(machine.look().exited);
  EXPECT_EQ(machine.look().threads[0].end, ThreadEnd::killed);
  machine.reset(program);
  EXPECT_FALSE(machine.look().exited);
  EXPECT_EQ(answer(machine, 1, copy("A")), Value::with_field(model::Errno::none, 4096));
  EXPECT_EQ(answer(machine, 0, load(0)), Value::letter('A'));
}

TEST_F(KernelMachineTest, AMutexIsPassedOn) {
  Program program = two_threads();
  program.mutexes = {"m"};
  KernelMachine machine(program);
  EXPECT_EQ(answer(machine, 0, with_mutex(OperationKind::lock, 0)), Value::ok());
  EXPECT_EQ(answer(machine, 1, with_mutex(OperationKind::lock, 0)), std::nullopt);
  EXPECT_EQ(answer(machine, 0, with_mutex(OperationKind::unlock, 0)), Value::ok());
  EXPECT_EQ(machine.take_result(1), Value::ok());
  EXPECT_EQ(answer(machine, 0, with_mutex(OperationKind::unlock, 0)), Value::of(model::Errno::perm));
}

TEST_F(KernelMachineTest, AbsurdRangesReachTheKernelAndNothingElse) {
  KernelMachine machine(two_threads());
  Operation far = op(OperationKind::dontneed);
  for (const std::uint64_t length :
       {std::uint64_t{1} << 46, ~std::uint64_t{0} << 12, (std::uint64_t{1} << 47) - 0x2000}) {
    for (const OperationKind kind : {OperationKind::dontneed, OperationKind::mprotect}) {
      far.kind = kind;
      far.range.length = length;
      EXPECT_NE(answer(machine, 0, far)->error, model::Errno::none);
    }
  }
  far.kind = OperationKind::munmap;
  far.range.length = Layout::kTaskSize.value;
  EXPECT_EQ(answer(machine, 0, far), Value::of(model::Errno::inval));
  far.kind = OperationKind::load;
  far.range = {.base = RangeExpression::Base::absolute, .offset = 0xffff'8000'0000'0000};
  EXPECT_EQ(answer(machine, 0, far), Value::signal(SIGSEGV));
  EXPECT_EQ(machine.look().threads[0].end, ThreadEnd::done);
}

// The goals are far above these floors, which only have to hold on a busy machine.
TEST_F(KernelMachineTest, TenThousandProgramsTakeLessThanAMinute) {
  const Program program = two_threads(0, 4);
  KernelMachine machine(program);
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 10'000; ++i) {
    machine.reset(program);
    for (std::uint64_t page = 0; page < 4; ++page) {
      ASSERT_EQ(answer(machine, 1, on_page(copy("A"), page))->error, model::Errno::none);
      ASSERT_EQ(answer(machine, 0, on_page(load(0), page)), Value::letter('A'));
      ASSERT_EQ(answer(machine, 1, on_page(copy("A"), page))->error, model::Errno::exist);
    }
    ASSERT_EQ(machine.look().pages[0][3].content, 'A');
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::minutes(1));
}

TEST_F(KernelMachineTest, TwentyThousandOperationsWithASleeperAreQuick) {
  Program program = two_threads(0, 25'000);
  program.threads.push_back(thread("other", {}, {}));
  KernelMachine machine(program);
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(answer(machine, 0, on_page(load(0), 24'999)), std::nullopt);
  EXPECT_EQ(answer(machine, 2, on_page(load(0), 24'998)), std::nullopt);
  for (std::uint64_t page = 0; page < 20'000; ++page) {
    ASSERT_EQ(answer(machine, 1, on_page(copy("A"), page))->error, model::Errno::none);
  }
  EXPECT_EQ(machine.look().pages[0][19'999].content, 'A');
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(30));
}

}  // namespace
}  // namespace traces
