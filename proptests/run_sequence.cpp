// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "proptests/sequence.hpp"
#include "traces/layout.hpp"

namespace proptests {
namespace {

using traces::Operation;
using traces::OperationKind;
using traces::RangeExpression;
using traces::Value;

class Run {
 public:
  Run(const Sequence& sequence, traces::Machine& machine)
      : sequence_(sequence),
        machine_(machine),
        values_(sequence.steps.size()),
        busy_with_(sequence.program.threads.size()),
        lives_(sequence.program.threads.size()) {
    for (std::size_t i = 0; i < lives_.size(); ++i) lives_[i] = is_child(i) ? Life::unborn : Life::alive;
  }

  Log go() {
    for (std::size_t step = 0; step < sequence_.steps.size(); ++step) {
      const std::optional<std::size_t> thread = awake(sequence_.steps[step].thread);
      if (!thread) break;
      const Operation& operation = sequence_.steps[step].operation;
      if (!in_place(*thread, operation)) continue;
      perform(Event::Kind::performed, step, *thread, operation, message_of(operation));
      ++log_.performed;
    }
    ask_for_mappings();
    log_.end = look();
    close_all();
    log_.after_closing = look();
    return std::move(log_);
  }

 private:
  enum class Life : std::uint8_t { unborn, forked, alive };  // forked: its parent may still sleep in fork

  bool is_child(std::size_t thread) const {
    return sequence_.program.threads[thread].parent != traces::ThreadProgram::kFromTheStart;
  }
  bool is_awake(std::size_t thread) const { return lives_[thread] == Life::alive && !busy_with_[thread]; }

  std::optional<std::size_t> awake(std::size_t preferred) const {
    if (exited_) return std::nullopt;
    if (is_awake(preferred)) return preferred;
    for (std::size_t thread = 0; thread < lives_.size(); ++thread) {
      if (is_awake(thread)) return thread;
    }
    return std::nullopt;
  }

  bool in_place(std::size_t thread, const Operation& operation) const {
    if (operation.kind == OperationKind::fork) {
      const bool parent = sequence_.program.threads[operation.child].parent == static_cast<int>(thread);
      return parent && lives_[operation.child] == Life::unborn;
    }
    if (operation.kind != OperationKind::exit || is_child(thread)) return true;
    for (std::size_t other = 0; other < lives_.size(); ++other) {
      if (is_child(other) && lives_[other] != Life::unborn) return false;
    }
    return true;
  }

  void note_birth(const Operation& operation, const std::optional<Value>& value) {
    if (operation.kind != OperationKind::fork) return;
    lives_[operation.child] = value && value->error == model::Errno::none ? Life::alive : Life::forked;
  }

  Value message_of(const Operation& operation) const {
    if (operation.range.base != RangeExpression::Base::message) return {};
    return values_[operation.range.index];
  }

  void perform(Event::Kind kind, std::size_t step, std::size_t thread, const Operation& operation,
               const Value& message) {
    machine_.perform(thread, operation, message);
    const std::optional<Value> value = machine_.take_result(thread);
    if (kind == Event::Kind::performed && value) values_[step] = *value;
    if (!value) busy_with_[thread] = step;  // also a child that has exited
    log_.events.push_back({kind, step, thread, value});
    note_birth(operation, value);
    exited_ = exited_ || (operation.kind == OperationKind::exit && !is_child(thread));
    for (std::size_t other = 0; other < busy_with_.size() && !exited_; ++other) {
      if (other == thread || !busy_with_[other]) continue;
      const std::optional<Value> late = machine_.take_result(other);
      if (!late) continue;
      if (*busy_with_[other] < values_.size()) {
        values_[*busy_with_[other]] = *late;
        note_birth(sequence_.steps[*busy_with_[other]].operation, late);
      }
      log_.events.push_back({Event::Kind::woken, *busy_with_[other], other, late});
      busy_with_[other].reset();
    }
  }

  // Who can be asked about each process: one awake thread of the first, and every child that is awake.
  std::vector<std::size_t> one_of_each_process() const {
    std::vector<std::size_t> threads;
    bool first = false;
    for (std::size_t thread = 0; thread < lives_.size() && !exited_; ++thread) {
      if (!is_awake(thread) || (!is_child(thread) && std::exchange(first, true))) continue;
      threads.push_back(thread);
    }
    return threads;
  }

  // One page more than the layout has, so that what lies behind is seen too.
  void ask_for_mappings() {
    const std::uint64_t pages = traces::Layout(sequence_.program).end().page_number() + 1;
    for (const std::size_t thread : one_of_each_process()) {
      for (std::uint64_t page = 0; page < pages; ++page) {
        Operation question{.kind = OperationKind::vma};
        question.range = {.base = RangeExpression::Base::absolute, .offset = page * model::kPageSize};
        perform(Event::Kind::asked, page, thread, question, {});
        if (!is_child(thread)) continue;  // a look shows the first process
        question.kind = OperationKind::pagemap;
        perform(Event::Kind::shown, page, thread, question, {});
      }
    }
  }

  void close_all() {
    for (const std::size_t thread : one_of_each_process()) {
      for (std::size_t uffd = 0; uffd < sequence_.program.uffds.size(); ++uffd) {
        Operation close{.kind = OperationKind::close};
        close.uffd = static_cast<std::uint8_t>(uffd);
        perform(Event::Kind::closed, uffd, thread, close, {});
      }
    }
  }

  // Whoever looks sees byte 0 of each page, which is not the one that the program writes if it writes
  // another.
  traces::FinalState look() {
    traces::FinalState state = machine_.look();
    if (sequence_.byte_of_page == 0) return state;
    for (auto* all : {&state.pages, &state.files}) {
      for (std::vector<traces::FinalState::Page>& pages : *all) {
        for (traces::FinalState::Page& page : pages) page.content = 0;
      }
    }
    return state;
  }

  const Sequence& sequence_;
  traces::Machine& machine_;
  std::vector<Value> values_;                          // of each step, once it returned
  std::vector<std::optional<std::size_t>> busy_with_;  // the step in which a thread sleeps
  std::vector<Life> lives_;
  bool exited_ = false;
  Log log_;
};

}  // namespace

Log run(const Sequence& sequence, traces::Machine& machine) { return Run(sequence, machine).go(); }

}  // namespace proptests
