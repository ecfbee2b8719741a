// SPDX-License-Identifier: Apache-2.0
#include "traces/replay/order.hpp"

#include <algorithm>
#include <list>
#include <map>
#include <optional>
#include <utility>

#include "model/uffd/abi.hpp"

namespace traces {
namespace {

using StepList = std::list<ReplayStep>;
using At = StepList::iterator;

constexpr std::size_t kMaxWindow = 1'000'000;  // steps that one step may be moved over

bool fills(const ReplayStep& step) {
  const OperationKind kind = step.operation.kind;
  return kind == OperationKind::copy || kind == OperationKind::zeropage;
}
bool errnum_is(const ReplayStep& step, model::Errno error) {
  return step.expected.kind == ValueKind::errnum && step.expected.error == error;
}
bool empties(OperationKind kind) {
  return kind == OperationKind::dontneed || kind == OperationKind::remove || kind == OperationKind::munmap ||
         kind == OperationKind::mmap;
}

class Orderer {
 public:
  explicit Orderer(ReplayPlan& plan) : plan_(plan), layout_(plan.program) {}

  void order() {
    sort_by_end();
    std::move(plan_.steps.begin(), plan_.steps.end(), std::back_inserter(steps_));
    for (At at = steps_.begin(); at != steps_.end();) {
      const At here = at++;
      place(here);
    }
    plan_.steps.assign(std::move_iterator(steps_.begin()), std::move_iterator(steps_.end()));
  }

 private:
  // Stable, and never against the order within a thread, whatever the clocks say.
  void sort_by_end() {
    std::map<std::size_t, std::uint64_t> latest;
    for (ReplayStep& step : plan_.steps) {
      std::uint64_t& end = latest[step.thread];
      step.end = end = std::max(end, step.end);
      step.begin = std::min(step.begin, step.end);
    }
    std::stable_sort(plan_.steps.begin(), plan_.steps.end(),
                     [](const ReplayStep& a, const ReplayStep& b) { return a.end < b.end; });
  }

  void place(At at) {
    if (changing_ && fills(*at) && !errnum_is(*at, model::Errno::again) &&
        (*changing_)->thread != at->thread) {
      exchange(at, *changing_);
    }
    if (at->phase == ReplayStep::Phase::begin && empties(at->operation.kind)) changing_ = at;
    if (at->phase == ReplayStep::Phase::end) changing_.reset();
    if (at->fault) {
      const std::uint64_t page = layout_.resolve(at->fault->access.range, {}).start.page_number();
      const auto filler = fillers_.find(page);
      if (filler != fillers_.end()) exchange(at, filler->second);
      if (at->fault->thread) place_fault(at, page);
    }
    if (fills(*at)) place_fill(at);
    if (empties(at->operation.kind)) forget(*at);
  }

  // A thread that faults again has been let go from where it faulted before: the copy there must come first.
  void place_fault(At at, std::uint64_t page) {
    std::uint64_t& last = faulting_.emplace(*at->fault->thread, page).first->second;
    if (last != page && !fillers_.contains(last)) onward_.emplace(last, at);
    last = page;
  }

  void place_fill(At at) {
    const Layout::Resolved range = layout_.resolve(at->operation.range, {});
    const std::uint64_t first = range.start.page_number();
    if (errnum_is(*at, model::Errno::exist)) {
      if (!fillers_.contains(first)) refused_[first] = at;
      return;
    }
    if (!errnum_is(*at, model::Errno::none)) return;
    const std::uint64_t pages = std::min(range.length >> model::kPageShift, layout_.end().page_number());
    for (std::uint64_t page = first; page < first + pages; ++page) {
      const auto refused = refused_.find(page);
      if (refused != refused_.end()) {
        exchange(at, refused->second);
        refused_.erase(refused);
      }
      const auto onward = onward_.find(page);
      if (onward != onward_.end()) {
        exchange(at, onward->second);
        onward_.erase(onward);
      }
      fillers_[page] = at;
    }
  }

  void forget(const ReplayStep& step) {
    const Layout::Resolved range = layout_.resolve(step.operation.range, {});
    const std::uint64_t first = range.start.page_number();
    const std::uint64_t last = first + (range.length + model::kPageSize - 1) / model::kPageSize;
    fillers_.erase(fillers_.lower_bound(first), fillers_.lower_bound(last));
    refused_.erase(refused_.lower_bound(first), refused_.lower_bound(last));
  }

  // Moves `late` before `early` if the recording allows it.
  void exchange(At late, At early) {
    if (late->begin > early->end || late->thread == early->thread) return;
    std::size_t window = 0;
    for (At between = early; between != late; ++between) {
      if (between->thread == late->thread || ++window > kMaxWindow) return;
    }
    plan_.exchanges.push_back({late->observation, early->observation});
    steps_.splice(early, steps_, late);
  }

  ReplayPlan& plan_;
  Layout layout_;
  StepList steps_;
  std::map<std::uint64_t, At> fillers_;            // by page: the step that filled it last
  std::map<std::uint64_t, At> refused_;            // by page: a step that found it filled, though nothing had
  std::map<std::size_t, std::uint64_t> faulting_;  // by thread: the page of its last fault
  std::map<std::uint64_t, At> onward_;  // by page, not filled: a later fault of a thread that faulted there
  std::optional<At> changing_;          // a change of mappings that has begun and not ended
};

}  // namespace

void order_steps(ReplayPlan& plan) { Orderer(plan).order(); }

}  // namespace traces
