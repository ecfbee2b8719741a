// SPDX-License-Identifier: Apache-2.0
#include "proptests/differ.hpp"

#include "proptests/report.hpp"
#include "proptests/shrink_sequence.hpp"

namespace proptests {

bool Differ::diverges(const Sequence& sequence) {
  const Log left = run(sequence, left_.ready_for(sequence.program));
  const Log right = run(sequence, right_.ready_for(sequence.program));
  return !(left == right);
}

std::string Differ::compare(const Sequence& sequence) {
  const Log left = run(sequence, left_.ready_for(sequence.program));
  const Log right = run(sequence, right_.ready_for(sequence.program));
  tally_.add(sequence, left);
  ++programs_;
  whole_ += left.performed >= kLeastSteps ? 1 : 0;
  if (left == right) return {};
  const Sequence shortest =
      shrink(sequence, [this](const Sequence& candidate) { return diverges(candidate); });
  traces::Machine& a = left_.ready_for(shortest.program);
  const Answers left_answers{a.name(), run(shortest, a)};
  traces::Machine& b = right_.ready_for(shortest.program);
  return report(shortest, left_answers, {b.name(), run(shortest, b)});
}

std::string Differ::compare_generated(std::uint64_t seed, std::uint64_t number, const SequenceShape& shape) {
  SeededDraw draw(seed, number);
  return compare(generate_sequence(draw, shape));
}

}  // namespace proptests
