// SPDX-License-Identifier: Apache-2.0
#include "scenarios/timeline/spinning.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "scenarios/language/print.hpp"

namespace timeline {
namespace {

using traces::Code;
using traces::Instruction;

// A loop of a thread's code: the instructions [top, question], of which the last asks whether it is over.
struct Loop {
  std::size_t top = 0;
  std::size_t question = 0;
};

// The innermost loop that all of these operations are in.
std::optional<Loop> loop_around(const Code& code, std::size_t first, std::size_t last) {
  std::optional<Loop> innermost;
  for (std::size_t i = last; i < code.size(); ++i) {
    const bool back = code[i].kind == Instruction::Kind::branch_unless && code[i].target <= i;
    if (!back || code[i].target > first) continue;
    if (!innermost) innermost = Loop{code[i].target, i};
  }
  return innermost;
}

std::string lines_text(const Code& code, const Loop& loop) {
  int first = code[loop.question].line, last = first;
  for (std::size_t i = loop.top; i <= loop.question; ++i) {
    if (code[i].line == 0) continue;
    first = std::min(first, code[i].line);
    last = std::max(last, code[i].line);
  }
  if (first == 0) return "";
  return first == last ? fmt::format(" (line {})", first) : fmt::format(" (lines {}-{})", first, last);
}

// What the thread does in one round, each operation once.
std::vector<const Call*> calls_from(const Telling& telling, std::size_t repeats_from, sim::ThreadId thread) {
  std::vector<const Call*> calls;
  for (const Call& call : telling.calls) {
    if (call.thread != thread || call.begun < repeats_from) continue;
    const bool told =
        std::any_of(calls.begin(), calls.end(), [&](const Call* c) { return c->pc == call.pc; });
    if (!told) calls.push_back(&call);
  }
  return calls;
}

std::string in_the_kernel(const Telling& telling, std::size_t repeats_from, sim::ThreadId thread) {
  std::vector<std::string> functions;
  for (std::size_t i = repeats_from; i < telling.steps.size(); ++i) {
    const Step& step = telling.steps[i];
    if (step.thread != thread) continue;
    if (std::find(functions.begin(), functions.end(), step.function) == functions.end()) {
      functions.push_back(step.function);
    }
  }
  if (functions.empty()) return "";
  std::string within;
  for (const Call& call : telling.calls) {
    if (call.thread == thread && (!call.returned || *call.returned >= repeats_from)) within = call.text;
  }
  return fmt::format("goes round inside `{}`, in the kernel: {}", within, fmt::join(functions, ", "));
}

}  // namespace

std::string loop_text(const language::Litmus& litmus, const traces::ModelSubject& subject,
                      const Telling& telling, std::size_t repeats_from, sim::ThreadId thread) {
  const std::vector<const Call*> calls = calls_from(telling, repeats_from, thread);
  if (calls.empty()) return in_the_kernel(telling, repeats_from, thread);
  const auto by_pc = [](const Call* a, const Call* b) { return a->pc < b->pc; };
  const auto [first, last] = std::minmax_element(calls.begin(), calls.end(), by_pc);
  const auto id = static_cast<std::size_t>(thread);
  const Code& code = subject.prepared().codes[id];
  std::vector<std::string> done;
  for (const Call* call : calls) {
    done.push_back(call->value.empty() ? call->text : fmt::format("{} → {}", call->text, call->value));
  }
  const std::optional<Loop> loop = loop_around(code, (*first)->pc, (*last)->pc);
  if (!loop) return fmt::format("goes round: {}", fmt::join(done, ", "));
  const std::string until =
      language::print(*code[loop->question].condition, litmus.program, litmus.program.threads[id]);
  return fmt::format("goes round in `repeat … until {}`{}: {}", until, lines_text(code, *loop),
                     fmt::join(done, ", "));
}

}  // namespace timeline
