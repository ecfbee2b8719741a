// SPDX-License-Identifier: Apache-2.0
#include "scenarios/timeline/standing.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace timeline {
namespace {

bool inside_a_call(const Telling& telling, std::size_t step) {
  const sim::ThreadId thread = telling.steps[step].thread;
  return std::any_of(telling.calls.begin(), telling.calls.end(), [&](const Call& call) {
    return call.thread == thread && call.begun <= step && (!call.returned || *call.returned > step);
  });
}

}  // namespace

std::string standing_after(const Telling& telling, std::size_t step) {
  const sim::ThreadId id = telling.steps[step].thread;
  const ThreadGlimpse& thread = telling.steps[step].after.threads[static_cast<std::size_t>(id)];
  if (thread.state != ThreadGlimpse::State::ready || !inside_a_call(telling, step)) return "";
  const std::string& in = thread.stack.empty() ? thread.at : thread.stack.front().function;
  std::string text = in == thread.at ? "in " + in : fmt::format("in {}, before {}", in, thread.at);
  if (!thread.holds.empty()) text += fmt::format(", holding {}", fmt::join(thread.holds, ", "));
  return text;
}

std::string step_text(const Step& step) {
  const ThreadGlimpse& after = step.after.threads[static_cast<std::size_t>(step.thread)];
  const bool queued = step.at_lock && after.state == ThreadGlimpse::State::waiting && after.at == step.at;
  const char* verb = queued ? "queues for" : step.at_lock ? "takes" : "passes";
  if (step.function.empty() || step.function == step.at) return fmt::format("{} {}", verb, step.at);
  return fmt::format("{} {} in {}", verb, step.at, step.function);
}

std::string steps_text(std::size_t first, std::size_t last) {
  return first == last ? fmt::format("step {}", first + 1) : fmt::format("steps {}-{}", first + 1, last + 1);
}

}  // namespace timeline
