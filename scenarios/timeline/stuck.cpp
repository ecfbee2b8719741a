// SPDX-License-Identifier: Apache-2.0
#include "scenarios/timeline/stuck.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/language/print.hpp"
#include "scenarios/timeline/missed_wake.hpp"
#include "scenarios/timeline/spinning.hpp"
#include "sim/ambient.hpp"

namespace timeline {
namespace {

using traces::Operation;
using traces::OperationKind;
using On = Waiting::On;

// Who could have ended one thread's waiting.
class Rescuers {
 public:
  Rescuers(const traces::PreparedProgram& prepared, const Telling& telling, const Waiting& waiting,
           sim::ThreadId stuck)
      : prepared_(prepared), telling_(telling), waiting_(waiting), stuck_(stuck) {}

  std::vector<Rescue> find() const {
    std::vector<Rescue> rescues;
    for (std::size_t id = 0; id < prepared_.codes.size(); ++id) {
      const auto thread = static_cast<sim::ThreadId>(id);
      if (thread == stuck_) continue;
      const traces::Code& code = prepared_.codes[id];
      for (std::size_t pc = 0; pc < code.size(); ++pc) {
        if (!code[pc].perform || !could_end_it(code[pc].perform->operation, thread)) continue;
        rescues.push_back({.thread = thread,
                           .line = code[pc].line,
                           .text = text_of(thread, *code[pc].perform),
                           .became = became(thread, static_cast<std::uint16_t>(pc))});
      }
    }
    return rescues;
  }

 private:
  bool could_end_it(const Operation& operation, sim::ThreadId thread) const {
    switch (waiting_.on) {
      case On::unread_fault:
      case On::unresolved_fault:
        return wakes_faulters(operation) && of_this_uffd(operation) && may_cover(operation);
      case On::unread_event:
        return (operation.kind == OperationKind::read || operation.kind == OperationKind::close) &&
               of_this_uffd(operation);
      case On::mutex:
        return operation.kind == OperationKind::unlock && operation.mutex == waiting_.mutex &&
               thread == waiting_.holder;
      case On::birth:
        return operation.kind == OperationKind::fork && operation.child == stuck_;
      default:
        return false;
    }
  }

  bool of_this_uffd(const Operation& operation) const {
    const bool sure = waiting_.uffd >= 0 && prepared_.names == traces::PreparedProgram::Names::stay;
    return !sure || operation.uffd == waiting_.uffd;
  }

  // Where its message decides, that is only known once it has run.
  bool may_cover(const Operation& operation) const {
    if (operation.kind == OperationKind::close) return true;
    if (operation.range.base == traces::RangeExpression::Base::message) return true;
    return covers(prepared_.layout.resolve(operation.range, traces::Value{}));
  }
  bool covers(const traces::Layout::Resolved& range) const {
    const std::uint64_t at = waiting_.at.value;
    return at >= range.start.value && at - range.start.value < range.length;
  }

  std::string text_of(sim::ThreadId thread, const traces::Perform& step) const {
    const traces::ThreadProgram& body = prepared_.program.threads[static_cast<std::size_t>(thread)];
    const std::string text = language::print(step.operation, prepared_.program, body);
    return step.result < 0 ? text : body.registers[static_cast<std::size_t>(step.result)] + " = " + text;
  }

  std::string became(sim::ThreadId thread, std::uint16_t pc) const {
    const Call* last = nullptr;
    bool elsewhere = false;
    for (const Call& call : telling_.calls) {
      if (call.thread != thread || call.pc != pc) continue;
      const bool about_it = !is_fault() || call.text.find("close") != std::string::npos || covers(call.range);
      elsewhere = elsewhere || !about_it;
      if (about_it) last = &call;
    }
    if (last) return became(*last);
    if (elsewhere) return "was made, but not for this page";
    const ThreadGlimpse& end = telling_.end.threads[static_cast<std::size_t>(thread)];
    if (end.killed) return fmt::format("is not reached: {} was killed", end.name);
    if (end.state == ThreadGlimpse::State::ended)
      return fmt::format("is not made: {} ends without it", end.name);
    return fmt::format("is not reached: {} {}", end.name, end.why.empty() ? "goes round" : end.why);
  }

  std::string became(const Call& call) const {
    const ThreadGlimpse& end = telling_.end.threads[static_cast<std::size_t>(call.thread)];
    if (!call.returned) {
      return fmt::format("begins at step {} and does not return: {} {}", call.begun + 1, end.name,
                         end.why.empty() ? "goes round" : end.why);
    }
    const std::optional<std::size_t> queued = is_fault() ? queued_at(telling_, stuck_) : std::nullopt;
    const std::string early = queued && *call.returned < *queued
                                  ? fmt::format(", before the fault was queued (step {})", *queued + 1)
                                  : "";
    return fmt::format("returned {} at step {}{}", call.value, *call.returned + 1, early);
  }

  bool is_fault() const { return waiting_.on == On::unread_fault || waiting_.on == On::unresolved_fault; }

  const traces::PreparedProgram& prepared_;
  const Telling& telling_;
  const Waiting& waiting_;
  const sim::ThreadId stuck_;
};

// How each thread stands in the last world.
std::vector<Waiting> waits_at_the_end(const traces::ModelSubject& subject, const sim::Schedule& schedule) {
  const sim::Ambient kept;
  sim::Arena arena(subject.arena_size());
  std::vector<Waiting> waits;
  if (!sim::replay(subject, schedule, arena)) return waits;
  const sim::World& world = *sim::current.world;
  for (sim::ThreadId id = 0; id < world.thread_count(); ++id) waits.push_back(waiting(world, id));
  return waits;
}

}  // namespace

std::vector<Stuck> stuck_threads(const language::Litmus& litmus, const traces::ModelSubject& subject,
                                 const sim::Schedule& schedule, const Telling& telling,
                                 std::size_t repeats_from) {
  std::vector<Stuck> threads;
  const std::vector<Waiting> waits = waits_at_the_end(subject, schedule);
  for (std::size_t i = 0; i < waits.size(); ++i) {
    const auto id = static_cast<sim::ThreadId>(i);
    Stuck stuck{.thread = id, .waiting = waits[i]};
    if (repeats_from > 0) stuck.loop = loop_text(litmus, subject, telling, repeats_from, id);
    if (stuck.waiting.on == On::nothing && stuck.loop.empty()) continue;
    if (stuck.waiting.on != On::nothing && would_go_on(subject, schedule, id)) {
      stuck.missed = missed_wake_text(subject, telling, stuck.waiting, id);
    }
    stuck.rescues = Rescuers(subject.prepared(), telling, stuck.waiting, id).find();
    threads.push_back(std::move(stuck));
  }
  return threads;
}

}  // namespace timeline
