// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "proptests/sequence.hpp"
#include "traces/layout.hpp"

namespace proptests {
namespace {

using traces::OperationKind;
using traces::RangeExpression;

// A child is written below its fork: one that was never forked has no place. Children stand last.
void drop_unborn(traces::Program& program, const Log& log, const Sequence& sequence) {
  const auto forked = [&](const Event& event) {
    return event.kind == Event::Kind::performed &&
           sequence.steps[event.step].operation.kind == OperationKind::fork &&
           sequence.steps[event.step].operation.child == program.threads.size() - 1;
  };
  while (program.threads.back().parent != traces::ThreadProgram::kFromTheStart &&
         std::none_of(log.events.begin(), log.events.end(), forked)) {
    program.threads.pop_back();
  }
}

bool gives_value(OperationKind kind) { return kind != OperationKind::exit; }

}  // namespace

traces::Program as_program(const Sequence& sequence, const Log& log) {
  traces::Program program = sequence.program;
  drop_unborn(program, log, sequence);
  const traces::Layout layout(program);
  std::map<std::size_t, std::pair<std::size_t, std::size_t>> registers;  // of a step: thread, index
  std::map<std::size_t, traces::Value> values;
  for (const Event& event : log.events) {
    if (event.kind == Event::Kind::woken && event.value) values[event.step] = *event.value;
    if (event.kind != Event::Kind::performed) continue;
    if (event.value) values[event.step] = *event.value;
    traces::ThreadProgram& thread = program.threads[event.thread];
    traces::Perform perform{.operation = sequence.steps[event.step].operation};
    RangeExpression& range = perform.operation.range;
    if (range.base == RangeExpression::Base::message) {
      const auto read = registers.find(range.index);
      const bool mine = read != registers.end() && read->second.first == event.thread &&
                        sequence.steps[range.index].operation.kind == OperationKind::read;
      if (mine) {
        range.index = static_cast<std::uint8_t>(read->second.second);
      } else {
        const traces::Layout::Resolved was = layout.resolve(range, values[range.index]);
        range = {.base = RangeExpression::Base::absolute, .offset = was.start.value, .length = was.length};
      }
    }
    if (gives_value(perform.operation.kind)) {
      perform.result = static_cast<int>(thread.registers.size());
      registers[event.step] = {event.thread, thread.registers.size()};
      thread.registers.push_back(fmt::format("r{}", event.step));
    }
    thread.body.push_back({.what = perform});
  }
  return program;
}

}  // namespace proptests
