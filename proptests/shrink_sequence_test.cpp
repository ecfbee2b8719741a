// SPDX-License-Identifier: Apache-2.0
#include "proptests/shrink_sequence.hpp"

#include <gtest/gtest.h>

namespace proptests {
namespace {

using traces::OperationKind;

Sequence loads_and_one_munmap(std::uint64_t length) {
  Sequence sequence;
  sequence.program.regions.resize(2);
  sequence.program.uffds.resize(2);
  sequence.steps.resize(9);
  for (Sequence::Step& step : sequence.steps) step.operation.kind = OperationKind::load;
  sequence.steps[4].operation.kind = OperationKind::munmap;
  sequence.steps[4].operation.range.length = length;
  return sequence;
}

// Something that needs a munmap of at least so many bytes.
struct LongMunmap {
  std::uint64_t least;
  int* tries;
  bool operator()(const Sequence& sequence) const {
    ++*tries;
    for (const Sequence::Step& step : sequence.steps) {
      if (step.operation.kind == OperationKind::munmap && step.operation.range.length >= least) return true;
    }
    return false;
  }
};

TEST(Shrink, LeavesWhatItTakesAndNothingElse) {
  int tries = 0;
  const Sequence shrunk =
      shrink(loads_and_one_munmap(5 * model::kPageSize), LongMunmap{3 * model::kPageSize, &tries});
  ASSERT_EQ(shrunk.steps.size(), 1u);
  EXPECT_EQ(shrunk.steps[0].operation.kind, OperationKind::munmap);
  EXPECT_EQ(shrunk.steps[0].operation.range.length, 3 * model::kPageSize);
  EXPECT_EQ(shrunk.program.regions.size(), 1u);
  EXPECT_EQ(shrunk.program.uffds.size(), 1u);
}

TEST(Shrink, TheLongestLengthTakesFewTries) {
  int tries = 0;
  const std::uint64_t least = std::uint64_t{1} << 40;
  const Sequence shrunk = shrink(loads_and_one_munmap(~std::uint64_t{0}), LongMunmap{least, &tries});
  ASSERT_EQ(shrunk.steps.size(), 1u);
  EXPECT_LT(shrunk.steps[0].operation.range.length, 2 * least + model::kPageSize);
  EXPECT_LT(tries, 10'000);
}

}  // namespace
}  // namespace proptests
