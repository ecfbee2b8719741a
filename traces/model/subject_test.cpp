// SPDX-License-Identifier: Apache-2.0
#include "traces/model/subject.hpp"

#include <gtest/gtest.h>

#include <set>

#include "model/uffd/abi.hpp"
#include "sim/explore.hpp"

namespace traces {
namespace {

Operation on(OperationKind kind, std::string contents = {}) {
  Operation operation{.kind = kind};
  operation.contents = std::move(contents);
  return operation;
}

Statement step(int result, Operation operation) { return {.what = Perform{result, std::move(operation)}}; }

// A reader of a missing page, a monitor that answers its fault, and a prefetcher.
Program missing_copy() {
  Program program;
  program.name = "missing-copy";
  program.regions.push_back({.name = "x"});
  UffdSetup uffd{.name = "uffd"};
  uffd.registrations.push_back({.mode = UFFDIO_REGISTER_MODE_MISSING});
  program.uffds.push_back(uffd);
  program.threads.push_back({"reader", {"r0"}, {step(0, on(OperationKind::load))}});
  Operation answer = on(OperationKind::copy, "A");
  answer.range.base = RangeExpression::Base::message;
  answer.range.length = RangeExpression::kWholeMessage;
  program.threads.push_back({"monitor", {"f", "r1"}, {step(0, on(OperationKind::read)), step(1, answer)}});
  program.threads.push_back({"prefetcher", {"r2"}, {step(0, on(OperationKind::copy, "B"))}});
  return program;
}

// A word for every register, in order.
std::string words(const FinalState& state) {
  std::string text;
  for (const FinalState::Thread& thread : state.threads) {
    for (const Value& value : thread.registers) {
      if (value.kind == ValueKind::content) {
        text += static_cast<char>(value.small);
      } else if (value.kind == ValueKind::unset) {
        text += '?';
      } else {
        text += std::string(model::to_text(value.error));
      }
      text += ' ';
    }
  }
  return text;
}

std::set<std::string> texts(const sim::Exploration& exploration) {
  std::set<std::string> found;
  for (const sim::Outcome& outcome : exploration.outcomes) found.insert(outcome.text);
  return found;
}

TEST(ModelSubject, MissingCopyHasThreeOutcomesOnEveryKernel) {
  for (const model::Kernel* kernel : model::kernels()) {
    const ModelSubject subject(missing_copy(), *kernel, words);
    EXPECT_EQ(setup_failure(subject.prepared()), "");
    const sim::Exploration exploration = sim::explore(subject);
    const std::set<std::string> expected{"A ok ok EEXIST ", "B ok EEXIST ok ", "B ? ? ok "};
    EXPECT_EQ(texts(exploration), expected) << kernel->name;
    EXPECT_LT(exploration.totals.world_bytes_max, 4096u);
    std::printf("%s: %lu worlds, %lu bytes\n", kernel->name, exploration.totals.worlds, exploration.totals.world_bytes_max);
  }
}

TEST(ModelSubject, EveryStepDeclaresWhatItChangesAndKeepsTheInvariants) {
  for (const model::Kernel* kernel : model::kernels()) {
    const ModelSubject subject(missing_copy(), *kernel, words);
    const sim::Exploration exploration = sim::explore(subject, {.checks = sim::Checks::every_step});
    for (const sim::Finding& finding : exploration.findings) {
      ADD_FAILURE() << kernel->name << ": " << finding.text << "\n" << sim::to_text(finding.schedule);
    }
  }
}

}  // namespace
}  // namespace traces
