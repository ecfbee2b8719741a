// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

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
        busy_with_(sequence.program.threads.size()) {}

  Log go() {
    for (std::size_t step = 0; step < sequence_.steps.size(); ++step) {
      const std::optional<std::size_t> thread = awake(sequence_.steps[step].thread);
      if (!thread) break;
      const Operation& operation = sequence_.steps[step].operation;
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
  std::optional<std::size_t> awake(std::size_t preferred) const {
    if (exited_) return std::nullopt;
    if (!busy_with_[preferred]) return preferred;
    const auto idle = std::find(busy_with_.begin(), busy_with_.end(), std::nullopt);
    if (idle == busy_with_.end()) return std::nullopt;
    return static_cast<std::size_t>(idle - busy_with_.begin());
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
    if (!value) busy_with_[thread] = step;
    log_.events.push_back({kind, step, thread, value});
    exited_ = exited_ || operation.kind == OperationKind::exit;
    for (std::size_t other = 0; other < busy_with_.size() && !exited_; ++other) {
      if (other == thread || !busy_with_[other]) continue;
      const std::optional<Value> late = machine_.take_result(other);
      if (!late) continue;
      if (*busy_with_[other] < values_.size()) values_[*busy_with_[other]] = *late;
      log_.events.push_back({Event::Kind::woken, *busy_with_[other], other, late});
      busy_with_[other].reset();
    }
  }

  // One page more than the layout has, so that what lies behind is seen too.
  void ask_for_mappings() {
    const std::uint64_t pages = traces::Layout(sequence_.program).end().page_number() + 1;
    for (std::uint64_t page = 0; page < pages; ++page) {
      const std::optional<std::size_t> thread = awake(0);
      if (!thread) return;
      Operation vma{.kind = OperationKind::vma};
      vma.range = {.base = RangeExpression::Base::absolute, .offset = page * model::kPageSize};
      perform(Event::Kind::asked, page, *thread, vma, {});
    }
  }

  void close_all() {
    for (std::size_t uffd = 0; uffd < sequence_.program.uffds.size(); ++uffd) {
      const std::optional<std::size_t> thread = awake(0);
      if (!thread) return;
      Operation close{.kind = OperationKind::close};
      close.uffd = static_cast<std::uint8_t>(uffd);
      perform(Event::Kind::closed, uffd, *thread, close, {});
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
  bool exited_ = false;
  Log log_;
};

}  // namespace

Log run(const Sequence& sequence, traces::Machine& machine) { return Run(sequence, machine).go(); }

}  // namespace proptests
