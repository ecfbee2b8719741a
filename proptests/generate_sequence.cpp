// SPDX-License-Identifier: Apache-2.0
#include "proptests/generate_sequence.hpp"

#include <algorithm>

#include "proptests/generate_operation.hpp"
#include "proptests/generate_setup.hpp"

namespace proptests {
namespace {

constexpr std::uint8_t kApp = 0;
constexpr std::uint8_t kMonitor = 1;

traces::Operation fork_of(std::uint8_t child) {
  return {.kind = traces::OperationKind::fork, .child = child};
}
constexpr std::uint32_t kMostSteps = 255;  // messages are named by an index of one byte

}  // namespace

Sequence generate_sequence(Draw& draw, const SequenceShape& shape) {
  using Faults = SetupShape::Faults;
  Sequence sequence;
  const bool alone = shape.threads == 1;
  const bool forks = shape.forks == SequenceShape::Forks::sometimes && draw.one_in(5);
  sequence.program =
      generate_setup(draw, {.faults = alone ? Faults::mostly_refused : Faults::mostly_reported,
                            .forks = forks ? SetupShape::Forks::expected : SetupShape::Forks::never,
                            .offered = shape.offered});
  sequence.program.threads.push_back({.name = "app"});
  if (!alone) sequence.program.threads.push_back({.name = "monitor"});
  const auto child = static_cast<std::uint8_t>(sequence.program.threads.size());
  if (forks) sequence.program.threads.push_back({.name = "child", .parent = kApp});
  if (draw.one_in(4)) sequence.byte_of_page = draw.one_of<std::uint16_t>({1, 0x123, 0xfff});

  OperationMaker operations(draw, sequence.program, sequence.byte_of_page);
  const std::uint32_t steps = std::min(draw.between(shape.least_steps, shape.most_steps), kMostSteps);
  const std::uint32_t fork_at = forks ? draw.below(steps / 2) : steps;
  const auto given = static_cast<std::uint8_t>(sequence.program.uffds.size() - 1);  // what a FORK brings
  std::optional<std::uint8_t> message;
  for (std::uint32_t i = 0; i < steps; ++i) {
    Sequence::Step step;
    if (i == fork_at) {
      step.operation = fork_of(child);
    } else if (i > fork_at && draw.one_in(3)) {
      step.thread = child;
      step.operation = draw.one_in(4) ? operations.of_monitor(message) : operations.of_app();
      if (draw.one_in(32)) step.operation = {.kind = traces::OperationKind::exit};
    } else if (alone) {
      step.operation = operations.of_anyone(message);
    } else {
      step.thread = draw.one_in(2) ? kMonitor : kApp;
      step.operation = step.thread == kApp ? operations.of_app() : operations.of_monitor(message);
    }
    if (step.operation.kind == traces::OperationKind::read) {
      message = static_cast<std::uint8_t>(i);
      if (forks && !draw.one_in(4)) step.operation.opens = given;
    }
    if (i + 1 == steps && draw.one_in(256)) step.operation = {.kind = traces::OperationKind::exit};
    sequence.steps.push_back(step);
  }
  return sequence;
}

}  // namespace proptests
