// SPDX-License-Identifier: Apache-2.0
#include "scenarios/timeline/sentences.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "scenarios/timeline/standing.hpp"

namespace timeline {
namespace {

// "a", "a and b", "a, b and c"
std::string listed(const std::vector<std::string>& clauses) {
  std::string text;
  for (std::size_t i = 0; i < clauses.size(); ++i) {
    if (i > 0) text += i + 1 == clauses.size() ? " and " : ", ";
    text += clauses[i];
  }
  return text;
}

// What one thread does in the steps [first, last), in which no other runs.
class Turn {
 public:
  Turn(const Telling& telling, const std::vector<std::size_t>& decisive, std::size_t first, std::size_t last)
      : telling_(telling),
        decisive_(decisive),
        first_(first),
        last_(last),
        thread_(telling.steps[first].thread) {}

  // Empty if nothing is worth telling.
  std::string tell() {
    for (std::size_t step = first_; step < last_; ++step) tell_step(step);
    if (last_ < telling_.steps.size()) tell_standing();
    std::string text = clauses_.empty() ? "" : fmt::format("{} {}", name(thread_), listed(clauses_));
    tell_waits(text);
    return text.empty() ? "" : fmt::format("{} ({}).", text, steps_text(first_, last_ - 1));
  }

 private:
  const std::string& name(sim::ThreadId thread) const {
    return telling_.threads[static_cast<std::size_t>(thread)];
  }

  void tell_step(std::size_t number) {
    const Step& step = telling_.steps[number];
    const bool star = std::find(decisive_.begin(), decisive_.end(), number) != decisive_.end();
    bool starred = false;
    const std::size_t before = clauses_.size();
    for (const Event& event : step.events) {
      if (star && !starred && event.kind != Event::Kind::begins) {
        clauses_.push_back("★ " + step_text(step));
        starred = true;
      }
      tell_event(event, number);
    }
    if (star && !starred) clauses_.push_back("★ " + step_text(step));
    if (step.changes.empty()) return;
    const bool alone = clauses_.size() == before && step.events.empty();
    if (alone || clauses_.empty()) clauses_.push_back("goes on in " + step.function);
    clauses_.back() += fmt::format(" [now {}]", fmt::join(step.changes, ", "));
  }

  void tell_event(const Event& event, std::size_t number) {
    using Kind = Event::Kind;
    switch (event.kind) {
      case Kind::begins:
        tell_begin(event, number);
        break;
      case Kind::returns:
        tell_return(event, number);
        break;
      case Kind::note:
        clauses_.push_back(event.text);
        break;
      case Kind::answer:
        clauses_.push_back("meets " + event.text);
        break;
      case Kind::sleeps:
        clauses_.push_back("goes to sleep in " + event.text);
        break;
      case Kind::wakes:
        clauses_.push_back("wakes " + name(event.thread));
        break;
      case Kind::killed:
        clauses_.push_back(event.thread == thread_ ? "is killed"
                                                   : fmt::format("ends {} with it", name(event.thread)));
        break;
    }
  }

  void tell_begin(const Event& event, std::size_t number) {
    const Call* call = begun_at(event.thread, number);
    const bool done = call && call->returned && *call->returned < last_ && quiet_between(*call);
    if (done) {
      clauses_.push_back(fmt::format("does `{}` → {}", event.text, call->value));
      told_.insert(call);
    } else {
      clauses_.push_back(fmt::format("begins `{}`", event.text));
    }
  }

  void tell_return(const Event& event, std::size_t number) {
    for (const Call& call : telling_.calls) {
      if (call.thread != event.thread || call.returned != number || told_.count(&call)) continue;
      told_.insert(&call);
      clauses_.push_back(fmt::format("has `{}` → {}", call.text, event.text));
      return;
    }
  }

  // Whether nothing is told between an operation's beginning and its end but changes in its last step.
  bool quiet_between(const Call& call) const {
    for (std::size_t step = call.begun; step <= *call.returned; ++step) {
      if (std::find(decisive_.begin(), decisive_.end(), step) != decisive_.end()) return false;
      if (!telling_.steps[step].changes.empty() && step != *call.returned) return false;
      for (const Event& event : telling_.steps[step].events) {
        if (event.kind != Event::Kind::begins && event.kind != Event::Kind::returns) return false;
      }
    }
    return true;
  }

  // The next of the thread's operations that begin in that step.
  const Call* begun_at(sim::ThreadId thread, std::size_t step) {
    for (const Call& call : telling_.calls) {
      if (call.thread == thread && call.begun == step && begun_.insert(&call).second) return &call;
    }
    return nullptr;
  }

  void tell_standing() {
    const std::string standing = standing_after(telling_, last_ - 1);
    if (!standing.empty()) clauses_.push_back("is overtaken " + standing);
  }

  // Threads that cannot go on for a lock since this turn.
  void tell_waits(std::string& text) const {
    using State = ThreadGlimpse::State;
    const std::vector<ThreadGlimpse>& now = telling_.steps[last_ - 1].after.threads;
    for (std::size_t i = 0; i < now.size(); ++i) {
      if (now[i].state != State::waiting) continue;
      const bool waited = first_ > 0 && telling_.steps[first_ - 1].after.threads[i].why == now[i].why;
      if (waited) continue;
      text += fmt::format("{}{} {}", text.empty() ? "" : "; ", now[i].name, now[i].why);
    }
  }

  const Telling& telling_;
  const std::vector<std::size_t>& decisive_;
  const std::size_t first_;
  const std::size_t last_;
  const sim::ThreadId thread_;
  std::vector<std::string> clauses_;
  std::set<const Call*> begun_;  // told of so far
  std::set<const Call*> told_;   // …to the end
};

}  // namespace

std::vector<std::string> sentences(const Telling& telling, std::size_t first, std::size_t last,
                                   const std::vector<std::size_t>& decisive) {
  std::vector<std::string> told;
  for (std::size_t begin = first; begin < last;) {
    std::size_t end = begin + 1;
    while (end < last && telling.steps[end].thread == telling.steps[begin].thread) ++end;
    std::string sentence = Turn(telling, decisive, begin, end).tell();
    if (!sentence.empty()) told.push_back(std::move(sentence));
    begin = end;
  }
  return told;
}

}  // namespace timeline
