// SPDX-License-Identifier: Apache-2.0
#include "traces/model/machine.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>

#include <csignal>

#include "model/uffd/abi.hpp"

namespace traces {
namespace {

constexpr std::size_t kApp = 0;
constexpr std::size_t kMonitor = 1;

Program one_page() {
  Program program;
  program.regions.push_back({.name = "x"});
  UffdSetup uffd{.name = "uffd"};
  uffd.registrations.push_back({.mode = UFFDIO_REGISTER_MODE_MISSING});
  program.uffds.push_back(uffd);
  program.threads.push_back({.name = "app"});
  program.threads.push_back({.name = "monitor"});
  return program;
}

Operation on(OperationKind kind, std::string contents = {}) {
  Operation operation{.kind = kind};
  operation.contents = std::move(contents);
  return operation;
}

TEST(ModelMachine, AFaultSleepsUntilACopyWakesIt) {
  ModelMachine machine(one_page(), model::default_kernel());
  machine.perform(kApp, on(OperationKind::load));
  EXPECT_FALSE(machine.take_result(kApp));
  EXPECT_EQ(machine.look().threads[kApp].end, ThreadEnd::blocked);
  EXPECT_EQ(machine.look().uffds[0].pending, 1u);
  machine.perform(kMonitor, on(OperationKind::read));
  const std::optional<Value> message = machine.take_result(kMonitor);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->kind, ValueKind::message);
  machine.perform(kMonitor, on(OperationKind::copy, "A"));
  EXPECT_EQ(machine.take_result(kMonitor)->field, 4096);
  EXPECT_EQ(machine.take_result(kApp), Value::letter('A'));
}

TEST(ModelMachine, ExitEndsEveryThreadAndLeavesNothingMapped) {
  ModelMachine machine(one_page(), model::default_kernel());
  machine.perform(kApp, on(OperationKind::load));
  machine.perform(kMonitor, on(OperationKind::exit));
  EXPECT_FALSE(machine.take_result(kApp));
  EXPECT_FALSE(machine.take_result(kMonitor));
  const FinalState state = machine.look();
  EXPECT_TRUE(state.exited);
  EXPECT_EQ(state.threads[kApp].end, ThreadEnd::killed);
  EXPECT_EQ(state.threads[kMonitor].end, ThreadEnd::done);
  EXPECT_EQ(state.pages[0][0].state, PageState::unmapped);
  EXPECT_FALSE(state.uffds[0].open);
  machine.perform(kMonitor, on(OperationKind::load));
  EXPECT_FALSE(machine.take_result(kMonitor));
}

TEST(ModelMachine, InitialContentsLieInPlainMappings) {
  Program program = one_page();
  program.regions[0] = {.name = "x", .pages = {2}, .protection = kProtRead, .initial = {"A"}};
  ModelMachine machine(program, model::default_kernel());
  EXPECT_EQ(machine.look().pages[0][0].content, 'A');
  machine.perform(kApp, on(OperationKind::store, "B"));
  EXPECT_EQ(machine.take_result(kApp), Value::signal(SIGSEGV));
}

TEST(ModelMachine, AClosedDescriptorAnswersAsTheSystemCallsDo) {
  ModelMachine machine(one_page(), model::default_kernel());
  const auto answer = [&](OperationKind kind) {
    machine.perform(kMonitor, on(kind, "A"));
    return machine.take_result(kMonitor);
  };
  EXPECT_EQ(answer(OperationKind::close), Value::ok());
  EXPECT_EQ(answer(OperationKind::close), Value::of(model::Errno::badf));
  EXPECT_EQ(answer(OperationKind::copy), Value::untouched(model::Errno::badf));
  EXPECT_EQ(answer(OperationKind::wake), Value::of(model::Errno::badf));
  EXPECT_EQ(answer(OperationKind::poll)->small, POLLNVAL);
}

TEST(ModelMachine, APollThatWasClosedUnderItLearnsOfItWhenItIsWoken) {
  Program program = one_page();
  program.uffds[0].flags = O_NONBLOCK;
  program.uffds[0].features = UFFD_FEATURE_EVENT_UNMAP;
  ModelMachine machine(program, model::default_kernel());
  machine.perform(kApp, on(OperationKind::poll));
  machine.perform(kMonitor, on(OperationKind::close));
  EXPECT_EQ(machine.take_result(kMonitor), Value::ok());
  EXPECT_FALSE(machine.take_result(kApp));  // it keeps the file open
  machine.perform(kMonitor, on(OperationKind::munmap));
  EXPECT_EQ(machine.take_result(kApp)->small, POLLNVAL);
  EXPECT_EQ(machine.take_result(kMonitor), Value::ok());
}

TEST(ModelMachine, ARegionOf100MiBIsNoTrouble) {
  Program program = one_page();
  program.regions[0].pages = {25600};
  program.uffds[0].registrations[0].range.length = model::PageCount{25600}.bytes();
  EXPECT_EQ(setup_failure(PreparedProgram(program, model::default_kernel())), "");
  ModelMachine machine(program, model::default_kernel());
  for (std::uint64_t page = 0; page < 25600; ++page) {
    Operation copy = on(OperationKind::copy, "A");
    copy.range.offset = page * model::kPageSize;
    machine.perform(kMonitor, copy);
    ASSERT_EQ(machine.take_result(kMonitor)->error, model::Errno::none);
  }
}

}  // namespace
}  // namespace traces
