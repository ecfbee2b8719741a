// SPDX-License-Identifier: Apache-2.0
#include "traces/model/subject.hpp"

#include <gtest/gtest.h>

#include <set>

#include "model/uffd/abi.hpp"
#include "sim/explore.hpp"
#include "traces/model/programs_for_test.hpp"

namespace traces {
namespace {

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
