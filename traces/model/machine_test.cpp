// SPDX-License-Identifier: Apache-2.0
#include "traces/model/machine.hpp"

#include <gtest/gtest.h>

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

TEST(ModelMachine, ARegionOf100MiBIsNoTrouble) {
  Program program = one_page();
  program.regions[0].pages = {25600};
  program.uffds[0].registrations[0].range.length = model::PageCount{25600}.bytes();
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
