// SPDX-License-Identifier: Apache-2.0
// Small programs for the tests of the kernel machine, and the fixture that skips them where the kernel
// gives no userfaultfd.
#pragma once
#include <gtest/gtest.h>

#include "model/uffd/abi.hpp"
#include "traces/kernel/availability.hpp"
#include "traces/program.hpp"

namespace traces {

class KernelTest : public testing::Test {
 protected:
  void SetUp() override {
    if (const auto why = why_no_userfaultfd()) GTEST_SKIP() << *why;
  }
};

inline Operation op(OperationKind kind) {
  Operation operation;
  operation.kind = kind;
  return operation;
}
inline Operation load(std::uint8_t region) {
  Operation operation = op(OperationKind::load);
  operation.range.index = region;
  return operation;
}
inline Operation copy(const std::string& contents) {
  Operation operation = op(OperationKind::copy);
  operation.contents = contents;
  return operation;
}
inline Operation with_mutex(OperationKind kind, std::uint8_t mutex) {
  Operation operation = op(kind);
  operation.mutex = mutex;
  return operation;
}
inline Statement perform(int result, const Operation& operation) {
  return {.what = Perform{result, operation}};
}
inline ThreadProgram thread(const char* name, std::vector<std::string> registers, Block body) {
  return {.name = name, .registers = std::move(registers), .body = std::move(body)};
}

// A missing page x, and a userfaultfd u with the features, registered for it.
inline Program one_page(std::uint64_t features = 0) {
  Program program;
  program.name = "one-page";
  program.regions.resize(1);
  program.regions[0].name = "x";
  program.uffds.resize(1);
  program.uffds[0].name = "u";
  program.uffds[0].features = features;
  program.uffds[0].registrations.resize(1);
  program.uffds[0].registrations[0].mode = UFFDIO_REGISTER_MODE_MISSING;
  return program;
}

// app: r = load x; monitor: m = read, c = copy m 'A'.
inline Program three_threads_on_a_page() {
  Program program = one_page();
  Operation answer = copy("A");
  answer.range = {.base = RangeExpression::Base::message, .index = 0};
  program.threads = {
      thread("app", {"r"}, {perform(0, load(0))}),
      thread("monitor", {"m", "c"}, {perform(0, op(OperationKind::read)), perform(1, answer)})};
  return program;
}

}  // namespace traces
