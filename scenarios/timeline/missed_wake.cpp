// SPDX-License-Identifier: Apache-2.0
#include "scenarios/timeline/missed_wake.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "model/uffd/abi.hpp"
#include "sim/ambient.hpp"
#include "traces/model/program_observer.hpp"

namespace timeline {
namespace {

class Returned : public traces::ProgramObserver {
 public:
  explicit Returned(sim::ThreadId thread) : thread_(thread) {}
  void note(sim::ThreadId, const std::string&) override {}
  void returned(sim::ThreadId thread, const traces::Perform&, const traces::Value&) override {
    seen_ = seen_ || thread == thread_;
  }
  bool seen() const { return seen_; }

 private:
  sim::ThreadId thread_;
  bool seen_ = false;
};

struct Page {
  std::size_t region = 0;
  std::size_t page = 0;
};

std::optional<Page> page_at(const traces::PreparedProgram& prepared, model::VirtAddr at) {
  for (std::size_t i = 0; i < prepared.program.regions.size(); ++i) {
    const model::AddrRange region = prepared.layout.region(i);
    if (at < region.start || !(at < region.end)) continue;
    return Page{i, static_cast<std::size_t>((at.value - region.start.value) / model::kPageSize)};
  }
  return {};
}

// The last step after which `value` of the glimpse was another than before; from 0.
template <class Value>
std::optional<std::size_t> last_change(const Telling& telling, Value value) {
  for (std::size_t i = telling.steps.size(); i-- > 1;) {
    if (value(telling.steps[i - 1].after) != value(telling.steps[i].after)) return i;
  }
  return {};
}

const Call* call_in(const Telling& telling, std::size_t step) {
  const Call* found = nullptr;
  for (const Call& call : telling.calls) {
    if (call.thread == telling.steps[step].thread && call.begun <= step) found = &call;
  }
  return found;
}

// "prefetcher's `r2 = copy x 'B'`"
std::string whose(const Telling& telling, std::size_t step) {
  const std::string& thread = telling.threads[static_cast<std::size_t>(telling.steps[step].thread)];
  const Call* call = call_in(telling, step);
  return call ? fmt::format("{}'s `{}`", thread, call->text) : thread;
}

std::string where_the_wake_went(const traces::PreparedProgram& prepared, const Telling& telling,
                                std::size_t filled, sim::ThreadId thread) {
  const std::optional<std::size_t> queued = queued_at(telling, thread);
  const std::string& name = telling.threads[static_cast<std::size_t>(thread)];
  const Call* call = call_in(telling, filled);
  if (!queued) return "";
  if (call && call->text.find("dontwake") != std::string::npos) {
    return ", which was told to wake nobody (dontwake), and no other wake came";
  }
  const traces::Perform* step =
      call ? prepared.codes[static_cast<std::size_t>(call->thread)][call->pc].perform : nullptr;
  if (step && !wakes_faulters(step->operation)) return ", which wakes nobody, and no other wake came";
  if (filled < *queued) {
    return fmt::format("; that is the wake it missed: {} queued its fault only at step {}", name,
                       *queued + 1);
  }
  return fmt::format("; that is the wake it missed: it did not find {}, whose fault was queued at step {}",
                     name, *queued + 1);
}

std::string missed_fault_text(const traces::ModelSubject& subject, const Telling& telling,
                              const Waiting& waiting, sim::ThreadId thread) {
  const std::optional<Page> page = page_at(subject.prepared(), waiting.at);
  if (!page) return "a lost wakeup: woken now, it would go on";
  const auto word = [&](const Glimpse& glimpse) { return glimpse.pages[page->region][page->page]; };
  const std::string name = subject.prepared().layout.name_of(waiting.at.page());
  const std::string now = word(telling.end);
  const std::optional<std::size_t> filled = last_change(telling, word);
  if (!filled) return fmt::format("a lost wakeup: {} is {}, and woken now it would go on", name, now);
  return fmt::format("a lost wakeup: {} is {} since step {}, by {}{}", name, now, *filled + 1,
                     whose(telling, *filled),
                     where_the_wake_went(subject.prepared(), telling, *filled, thread));
}

}  // namespace

bool wakes_faulters(const traces::Operation& operation) {
  switch (operation.kind) {
    case traces::OperationKind::copy:
    case traces::OperationKind::zeropage:
    case traces::OperationKind::continue_:
    case traces::OperationKind::poison:
    case traces::OperationKind::move:
    case traces::OperationKind::wake:
    case traces::OperationKind::unregister:
    case traces::OperationKind::close:
      return true;
    case traces::OperationKind::writeprotect:
      return (operation.mode & UFFDIO_WRITEPROTECT_MODE_WP) == 0;
    default:
      return false;
  }
}

bool would_go_on(const traces::ModelSubject& subject, const sim::Schedule& schedule, sim::ThreadId thread) {
  constexpr int kMostSteps = 1000;
  const sim::Ambient kept;
  sim::Arena arena(subject.arena_size());
  if (!sim::replay(subject, schedule, arena)) return false;
  Returned returned(thread);
  sim::current.observer = &returned;
  sim::World& world = *sim::current.world;
  if (world.finished(thread) || world.thread(thread).state != sim::RunState::sleeping) return false;
  world.thread(thread).state = sim::RunState::running;
  std::vector<sim::Move> moves;
  for (int step = 0; step < kMostSteps && !returned.seen(); ++step) {
    world.moves(moves);
    const auto its =
        std::find_if(moves.begin(), moves.end(), [&](sim::Move m) { return m.thread == thread; });
    if (its == moves.end()) return false;
    world.step(*its);
  }
  return returned.seen();
}

std::optional<std::size_t> queued_at(const Telling& telling, sim::ThreadId thread) {
  for (std::size_t i = telling.steps.size(); i-- > 0;) {
    for (const Event& event : telling.steps[i].events) {
      if (event.thread == thread && event.kind == Event::Kind::note && event.text == "queues its fault")
        return i;
    }
  }
  return {};
}

std::string missed_wake_text(const traces::ModelSubject& subject, const Telling& telling,
                             const Waiting& waiting, sim::ThreadId thread) {
  using On = Waiting::On;
  if (waiting.on == On::unread_fault || waiting.on == On::unresolved_fault) {
    return missed_fault_text(subject, telling, waiting, thread);
  }
  const std::optional<std::size_t> came = last_change(telling, [](const Glimpse& glimpse) {
    std::size_t messages = 0;
    for (const UffdGlimpse& uffd : glimpse.uffds) messages += uffd.unread + uffd.events;
    return messages;
  });
  if (!came) return "a lost wakeup: woken now, it would go on";
  return fmt::format("a lost wakeup: woken now, it would go on; what it waits for came at step {}, by {}",
                     *came + 1, whose(telling, *came));
}

}  // namespace timeline
