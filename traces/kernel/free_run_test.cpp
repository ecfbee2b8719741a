// SPDX-License-Identifier: Apache-2.0
#include "traces/kernel/free_run.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <csignal>

#include "model/uffd/abi.hpp"
#include "traces/kernel/sample_programs_test.hpp"

namespace traces {
namespace {

class FreeRunTest : public KernelTest {};

Histogram run(const Program& program, std::uint64_t iterations = 200) {
  const Histogram histogram = run_free(program, {.iterations = iterations, .seed = 7});
  EXPECT_EQ(histogram.undecided, 0u) << (histogram.reasons.empty() ? "" : histogram.reasons.front());
  EXPECT_EQ(histogram.iterations, iterations);
  return histogram;
}

TEST_F(FreeRunTest, CopyResolvesAMissingFault) {
  const Histogram histogram = run(three_threads_on_a_page());
  ASSERT_EQ(histogram.rows.size(), 1u);
  const FinalState& state = histogram.rows[0].state;
  EXPECT_EQ(state.threads[0].end, ThreadEnd::done);
  EXPECT_EQ(state.threads[0].registers[0], Value::letter('A'));
  const Value& message = state.threads[1].registers[0];
  EXPECT_EQ(message.kind, ValueKind::message);
  EXPECT_EQ(message.start, 0x1000u);
  EXPECT_EQ(message.thread, -1);
  EXPECT_EQ(state.threads[1].registers[1], Value::with_field(model::Errno::none, 4096));
  EXPECT_EQ(state.pages[0][0].state, PageState::present);
  EXPECT_EQ(state.pages[0][0].content, 'A');
  EXPECT_TRUE(state.uffds[0].open);
  EXPECT_EQ(state.uffds[0].total, 0u);
}

TEST_F(FreeRunTest, AReaderWithoutAMessageIsBlocked) {
  Program program = one_page();
  program.threads = {thread("monitor", {"m"}, {perform(0, op(OperationKind::read))})};
  const Histogram histogram = run(program, 20);
  ASSERT_EQ(histogram.rows.size(), 1u);
  EXPECT_EQ(histogram.rows[0].state.threads[0].end, ThreadEnd::blocked);
  EXPECT_EQ(histogram.rows[0].state.threads[0].registers[0].kind, ValueKind::unset);
}

TEST_F(FreeRunTest, AFaultThatNobodyReadsIsBlockedAndPending) {
  Program program = one_page();
  program.threads = {thread("app", {"r"}, {perform(0, load(0))})};
  const Histogram histogram = run(program, 20);
  ASSERT_EQ(histogram.rows.size(), 1u);
  EXPECT_EQ(histogram.rows[0].state.threads[0].end, ThreadEnd::blocked);
  EXPECT_EQ(histogram.rows[0].state.uffds[0].pending, 1u);
  EXPECT_EQ(histogram.rows[0].state.pages[0][0].state, PageState::missing);
}

TEST_F(FreeRunTest, TwoThreadsAndTwoMutexesCanDeadlock) {
  Program program = one_page();
  program.mutexes = {"m", "n"};
  auto lock = [](std::uint8_t mutex) { return perform(-1, with_mutex(OperationKind::lock, mutex)); };
  auto unlock = [](std::uint8_t mutex) { return perform(-1, with_mutex(OperationKind::unlock, mutex)); };
  program.threads = {thread("a", {}, {lock(0), lock(1), unlock(1), unlock(0)}),
                     thread("b", {}, {lock(1), lock(0), unlock(0), unlock(1)})};
  const Histogram histogram = run(program, 2000);
  ASSERT_EQ(histogram.rows.size(), 2u);
  std::uint64_t blocked = 0;
  for (const Histogram::Row& row : histogram.rows) {
    EXPECT_EQ(row.state.threads[0].end, row.state.threads[1].end);
    if (row.state.threads[0].end == ThreadEnd::blocked) blocked += row.count;
  }
  EXPECT_GT(blocked, 0u);
  EXPECT_LT(blocked, 2000u);
}

TEST_F(FreeRunTest, AThreadThatLocksItsOwnMutexIsBlocked) {
  Program program = one_page();
  program.mutexes = {"m"};
  const Statement lock = perform(-1, op(OperationKind::lock));
  program.threads = {thread("a", {}, {lock, lock})};
  const Histogram histogram = run(program, 5);
  ASSERT_EQ(histogram.rows.size(), 1u);
  EXPECT_EQ(histogram.rows[0].state.threads[0].end, ThreadEnd::blocked);
}

TEST_F(FreeRunTest, ALoopWithoutEndSpins) {
  Program program = one_page();
  program.variables = {{"v", 0}};
  const Condition until{.reg = 0, .pattern = Value::number(1)};
  const Statement loop{RepeatUntil{{perform(0, op(OperationKind::get))}, until}};
  program.threads = {thread("a", {"r"}, {loop}), thread("app", {"r"}, {perform(0, load(0))})};
  const Histogram histogram = run(program, 10);
  ASSERT_EQ(histogram.rows.size(), 1u);
  EXPECT_EQ(histogram.rows[0].state.threads[0].end, ThreadEnd::spins);
  EXPECT_EQ(histogram.rows[0].state.threads[1].end, ThreadEnd::blocked);
}

TEST_F(FreeRunTest, WakingAFaultForEverSpins) {
  Program program = one_page();
  const Condition until{.reg = 0, .pattern = Value::of(model::Errno::inval)};
  const Statement loop{RepeatUntil{{perform(0, op(OperationKind::wake))}, until}};
  program.threads = {thread("a", {"r"}, {loop}), thread("app", {"r"}, {perform(0, load(0))})};
  const Histogram histogram = run(program, 2);
  ASSERT_EQ(histogram.rows.size(), 1u);
  EXPECT_EQ(histogram.rows[0].state.threads[0].end, ThreadEnd::spins);
  EXPECT_EQ(histogram.rows[0].state.threads[1].end, ThreadEnd::spins);
}

TEST_F(FreeRunTest, ExitEndsEveryThread) {
  Program program = one_page();
  program.variables = {{"v", 3}};
  program.threads = {
      thread("app", {"r"}, {perform(0, load(0))}),
      thread("other", {"r"}, {perform(0, op(OperationKind::read)), perform(-1, op(OperationKind::exit))})};
  const Histogram histogram = run(program, 20);
  ASSERT_EQ(histogram.rows.size(), 1u);
  const FinalState& state = histogram.rows[0].state;
  EXPECT_TRUE(state.exited);
  EXPECT_EQ(state.threads[0].end, ThreadEnd::killed);
  EXPECT_EQ(state.threads[1].end, ThreadEnd::done);
  EXPECT_EQ(state.threads[1].registers[0].kind, ValueKind::message);
  EXPECT_EQ(state.variables[0], 3u);
  EXPECT_EQ(state.pages[0][0].state, PageState::unmapped);
}

TEST_F(FreeRunTest, ARefusedSetupIsAnError) {
  Program program = one_page();
  program.uffds[0].registrations[0].mode = 0;
  try {
    run_free(program, {.iterations = 1});
    FAIL() << "expected an error";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "cannot prepare userfaultfd u: UFFDIO_REGISTER: EINVAL");
  }
}

TEST_F(FreeRunTest, AnUnprivilegedProgramGetsNoKernelFaults) {
  Program program = one_page();
  program.privilege = Privilege::unprivileged;
  program.uffds[0].flags = UFFD_USER_MODE_ONLY | O_CLOEXEC;
  program.threads = {thread("app", {"r"}, {perform(0, op(OperationKind::copy_from_user))})};
  const Histogram histogram = run(program, 10);
  ASSERT_EQ(histogram.rows.size(), 1u);
  EXPECT_EQ(histogram.rows[0].state.threads[0].registers[0], Value::of(model::Errno::fault));
}

}  // namespace
}  // namespace traces
