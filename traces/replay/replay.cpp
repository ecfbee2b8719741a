// SPDX-License-Identifier: Apache-2.0
#include "traces/replay/replay.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "model/uffd/abi.hpp"
#include "traces/format/names.hpp"
#include "traces/replay/describe.hpp"

namespace traces {
namespace {

using model::VirtAddr;

VirtAddr address_of(std::uint64_t page) { return {page << model::kPageShift}; }

class Replayer {
 public:
  Replayer(const ReplayPlan& plan, const Recording& recording, Machine& machine)
      : plan_(plan),
        recording_(recording),
        machine_(machine),
        layout_(plan.program),
        threads_(plan.program.threads.size()) {
    report_.machine = machine.name();
    report_.not_replayed = plan.not_replayed;
  }

  ReplayReport run() {
    for (const ReplayStep& step : plan_.steps) perform(step);
    finish();
    return std::move(report_);
  }

 private:
  // What a thread of the machine is in the middle of.
  struct Thread {
    enum class State : std::uint8_t { idle, faulting, asleep } state = State::idle;
    std::optional<Value> ready;  // faulting, asleep: it has returned this, nobody has looked yet
    std::uint64_t page = 0;      // faulting
    Operation operation;
    std::size_t observation = 0;
  };
  // What replay knows of a page.
  struct Page {
    bool filled = false;
    bool zero = false;       // by ZEROPAGE
    bool stored = false;     // a store was let through since
    std::size_t filler = 0;  // observation
  };

  void perform(const ReplayStep& step);
  std::optional<std::size_t> faulter(const ReplayStep::Fault& fault) const;
  bool raise(const ReplayStep& step);
  void did_not_fault(const ReplayStep& step, std::uint64_t page, const Value& value);
  void start(const ReplayStep& step);
  void compare(const ReplayStep& step, const std::optional<Value>& answer);
  void note_effect(const ReplayStep& step, const Value& answer);
  void settle();
  void settle_fault(Thread& thread, const Value& value);
  void finish();
  void diverge(const ReplayStep& step, std::string recorded, std::string answered, std::string remark);
  const std::string& origin(std::size_t observation) const {
    return recording_.observations[observation].origin;
  }
  std::string thread_name(std::size_t thread) const { return plan_.program.threads[thread].name; }

  const ReplayPlan& plan_;
  const Recording& recording_;
  Machine& machine_;
  Layout layout_;
  std::vector<Thread> threads_;
  std::map<std::uint64_t, Page> pages_;
  bool released_ = false;  // something was unregistered or closed: faults may end by themselves
  ReplayReport report_;
};

void Replayer::diverge(const ReplayStep& step, std::string recorded, std::string answered,
                       std::string remark) {
  if (report_.divergence_count++ >= ReplayReport::kMaxDivergences) return;
  const std::string what =
      fmt::format("{}: {}", thread_name(step.thread), describe(step.operation, plan_.program, layout_));
  report_.divergences.push_back(
      {origin(step.observation), what, std::move(recorded), std::move(answered), std::move(remark)});
}

// Whoever has returned meanwhile: a fault that was resolved, an operation that was let go.
void Replayer::settle() {
  for (std::size_t i = 0; i < threads_.size(); ++i) {
    Thread& thread = threads_[i];
    if (thread.state == Thread::State::idle || thread.ready) continue;
    const auto value = machine_.take_result(i);
    if (!value) continue;
    if (thread.state == Thread::State::asleep) {
      thread.ready = value;
      continue;
    }
    settle_fault(thread, *value);
    thread.state = Thread::State::idle;
  }
}

// A fault has ended: the page must have been filled, and hold what it was filled with.
void Replayer::settle_fault(Thread& thread, const Value& value) {
  const auto found = pages_.find(thread.page);
  const bool filled = found != pages_.end() && found->second.filled;
  if (released_ && !filled) return;
  const ReplayStep step{.observation = thread.observation,
                        .thread = static_cast<std::size_t>(&thread - threads_.data()),
                        .operation = thread.operation};
  if (!filled) {
    return diverge(step, "nothing has filled the page", describe(value, layout_),
                   "the machine let the thread go");
  }
  const bool store = thread.operation.kind == OperationKind::store;
  const char letter = page_letter(address_of(thread.page));
  const Page& page = found->second;
  const bool right = store ? value == Value::ok()
                           : (value == Value::letter(letter) && (!page.zero || page.stored)) ||
                                 (value == Value::letter(0) && page.zero);
  if (store) found->second.stored = true;
  if (right) return;
  const Value expected = store ? Value::ok() : Value::letter(page.zero ? '\0' : letter);
  diverge(step, describe(expected, layout_), describe(value, layout_),
          fmt::format("the page was filled at {}", origin(page.filler)));
}

// The thread that raises the fault: the one the message names, or a stranger with nothing to do.
std::optional<std::size_t> Replayer::faulter(const ReplayStep::Fault& fault) const {
  if (fault.thread) return fault.thread;
  for (const std::size_t stranger : plan_.strangers) {
    if (threads_[stranger].state == Thread::State::idle) return stranger;
  }
  return std::nullopt;
}

// Raises the fault that the step's message reports. False: no message can come.
bool Replayer::raise(const ReplayStep& step) {
  const std::uint64_t page = layout_.resolve(step.fault->access.range, {}).start.page_number();
  const auto chosen = faulter(*step.fault);
  if (!chosen) {
    diverge(step, describe(step.expected, layout_), "every thread that could raise the fault still sleeps",
            "record with UFFD_FEATURE_THREAD_ID");
    return false;
  }
  Thread& thread = threads_[*chosen];
  const bool same_fault = thread.state == Thread::State::faulting && thread.page == page;
  const bool own_access = thread.state == Thread::State::asleep;
  if (same_fault || own_access)
    return true;  // woken without a page, it asks again; or it was begun as a step
  if (thread.state != Thread::State::idle) {
    diverge(step, describe(step.expected, layout_), "its thread still sleeps",
            fmt::format("{} faulted at {} before", thread_name(*chosen),
                        layout_.name_of(address_of(thread.page))));
    return false;
  }
  thread = {Thread::State::faulting, {}, page, step.fault->access, step.observation};
  machine_.perform(*chosen, step.fault->access);
  ++report_.faults;
  const auto at_once = machine_.take_result(*chosen);
  if (!at_once) return true;
  thread.state = Thread::State::idle;
  did_not_fault(step, page, *at_once);
  return false;
}

void Replayer::did_not_fault(const ReplayStep& step, std::uint64_t page, const Value& value) {
  const auto found = pages_.find(page);
  std::string remark = "nothing in the trace filled the page";
  if (found != pages_.end() && found->second.filled) {
    remark = fmt::format(
        "the page was filled at {}, before the read began; a thread that decides to fault before the page is "
        "there "
        "and queues after it looks like this, but operations alone cannot steer a machine there",
        origin(found->second.filler));
  }
  diverge(step, describe(step.expected, layout_),
          fmt::format("the access did not fault: {}", describe(value, layout_)), std::move(remark));
}

void Replayer::perform(const ReplayStep& step) {
  if (step.fault && !raise(step)) return;
  Thread& thread = threads_[step.thread];
  if (step.phase == ReplayStep::Phase::end) {
    std::optional<Value> answer;
    if (thread.state == Thread::State::asleep) answer = std::exchange(thread.ready, {});
    if (answer) thread.state = Thread::State::idle;
    return compare(step, answer);
  }
  if (thread.state != Thread::State::idle) {
    return diverge(step, describe(step.expected, layout_), "not performed: its thread still sleeps",
                   fmt::format("since {}", origin(thread.observation)));
  }
  start(step);
}

void Replayer::start(const ReplayStep& step) {
  Thread& thread = threads_[step.thread];
  machine_.perform(step.thread, step.operation);
  ++report_.performed;
  ++report_.performed_by_kind[std::string(kind_name(step.operation.kind))];
  thread = {Thread::State::asleep, machine_.take_result(step.thread), 0, step.operation, step.observation};
  if (step.phase == ReplayStep::Phase::whole) {
    const auto answer = std::exchange(thread.ready, {});
    if (answer) {
      thread.state = Thread::State::idle;
      note_effect(step, *answer);
    }
    compare(step, answer);
  } else {
    note_effect(step, Value::ok());
  }
  settle();
}

void Replayer::note_effect(const ReplayStep& step, const Value& answer) {
  const OperationKind kind = step.operation.kind;
  if (kind == OperationKind::unregister || kind == OperationKind::close || kind == OperationKind::munmap)
    released_ = true;
  const Layout::Resolved range = layout_.resolve(step.operation.range, {});
  const std::uint64_t first = range.start.page_number();
  if (kind == OperationKind::dontneed || kind == OperationKind::remove || kind == OperationKind::munmap ||
      kind == OperationKind::mmap) {
    pages_.erase(pages_.lower_bound(first), pages_.lower_bound(first + range.length / model::kPageSize));
  }
  const bool fill = kind == OperationKind::copy || kind == OperationKind::zeropage;
  if (!fill || answer.kind != ValueKind::errnum) return;
  const bool partial = answer.field_state == FieldState::written && answer.field > 0;
  const std::uint64_t bytes = partial                              ? static_cast<std::uint64_t>(answer.field)
                              : answer.error == model::Errno::none ? range.length
                                                                   : 0;
  const std::uint64_t pages = std::min(bytes / model::kPageSize, layout_.end().page_number());
  for (std::uint64_t page = first; page < first + pages; ++page) {
    pages_[page] = {true, kind == OperationKind::zeropage, false, step.observation};
  }
}

void Replayer::compare(const ReplayStep& step, const std::optional<Value>& answer) {
  if (step.expected.kind == ValueKind::unset) return;
  const std::string recorded = describe(step.expected, layout_);
  if (!answer) return diverge(step, recorded, "asleep: it did not return", "");
  if (!agrees(step.expected, *answer, recording_.header.recorded)) {
    diverge(step, recorded, describe(*answer, layout_), "");
  }
}

void Replayer::finish() {
  settle();
  for (std::size_t i = 0; i < threads_.size(); ++i) {
    const Thread& thread = threads_[i];
    if (thread.state == Thread::State::idle || thread.ready) continue;
    report_.asleep.push_back(
        fmt::format("{}: {}", thread_name(i), describe(thread.operation, plan_.program, layout_)));
    const auto page = pages_.find(thread.page);
    if (thread.state != Thread::State::faulting || page == pages_.end() || !page->second.filled) continue;
    const ReplayStep step{.observation = thread.observation, .thread = i, .operation = thread.operation};
    diverge(step, fmt::format("the page was filled at {}", origin(page->second.filler)), "asleep to the end",
            "nobody woke the thread");
  }
  report_.exchanged = plan_.exchanges.size();
  for (const Exchange& exchange : plan_.exchanges) {
    if (report_.exchanges.size() >= ReplayReport::kMaxDivergences) break;
    report_.exchanges.push_back(fmt::format("{} before {}", origin(exchange.first), origin(exchange.second)));
  }
}

}  // namespace

ReplayReport replay(const ReplayPlan& plan, const Recording& recording, Machine& machine) {
  return Replayer(plan, recording, machine).run();
}

}  // namespace traces
