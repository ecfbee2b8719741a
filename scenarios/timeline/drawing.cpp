// SPDX-License-Identifier: Apache-2.0
#include "scenarios/timeline/drawing.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/timeline/standing.hpp"

namespace timeline {
namespace {

Mark mark_of(const Event& event) {
  using Kind = Event::Kind;
  switch (event.kind) {
    case Kind::begins: return {event.thread, Ink::operation, event.text};
    case Kind::returns: return {event.thread, Ink::operation, "→ " + event.text};
    case Kind::note: return {event.thread, Ink::detail, "  " + event.text};
    case Kind::answer: return {event.thread, Ink::detail, "  " + event.text};
    case Kind::sleeps: return {event.thread, Ink::trouble, "  sleeps in " + event.text};
    case Kind::wakes: return {event.thread, Ink::woken, "  ◂ woken by " + event.text};
    case Kind::killed: return {event.thread, Ink::end, "  killed"};
  }
  return {};
}

// Lays out the steps that one thread makes without another in between.
class Run {
 public:
  Run(const Telling& telling, const std::vector<std::size_t>& decisive)
      : telling_(telling), decisive_(decisive) {}

  std::vector<Strip> lay_out(std::size_t first, std::size_t last, Detail detail) {
    for (std::size_t i = first; i < last; ++i) lay_out(i, detail);
    tell_waits(first, last);
    tell_standing(last, detail);
    if (!strips_.empty()) {
      strips_.front().steps = last - first == 1 ? fmt::format("{}", last) : fmt::format("{}-{}", first + 1, last);
    }
    return std::move(strips_);
  }

 private:
  void lay_out(std::size_t number, Detail detail) {
    const Step& step = telling_.steps[number];
    const std::size_t before = strips_.size();
    joined_ = false;
    open_ = open_ && detail == Detail::runs;
    if (is_decisive(number)) {
      star(step);
    } else if (detail == Detail::steps || only_others(step)) {
      place(Mark{step.thread, Ink::detail, "  " + step.function});
    }
    const bool begun = is_decisive(number) && begins(step);
    for (std::size_t i = begun ? 1 : 0; i < step.events.size(); ++i) place(step.events[i]);
    const std::vector<std::string> changes = changes_of(number, detail);
    if (changes.empty()) return;
    if (strips_.size() == before && !joined_) place(Mark{step.thread, Ink::detail, "  " + step.function});
    strips_.back().changes = changes;
    open_ = joined_ = false;
  }

  void place(const Event& event) {
    const bool returns_at_once = event.kind == Event::Kind::returns && open_ && strips_.back().changes.empty();
    if (returns_at_once) {
      strips_.back().marks.back().text += ' ' + mark_of(event).text;
      open_ = false;
      joined_ = true;
      return;
    }
    joined_ = false;
    place(mark_of(event));
    open_ = event.kind == Event::Kind::begins;
  }

  // On the latest line if the thread's place there is free and somebody else has just done something.
  void place(Mark mark) {
    const bool beside = mark.ink == Ink::woken && !strips_.empty() && is_free(strips_.back(), mark.thread) &&
                        strips_.back().changes.empty();
    if (!beside) strips_.emplace_back();
    strips_.back().marks.push_back(std::move(mark));
  }

  // Something happened to other threads, and the one that did it has nothing to say.
  static bool only_others(const Step& step) {
    return !step.events.empty() && std::none_of(step.events.begin(), step.events.end(),
                                                [&](const Event& event) { return event.thread == step.thread; });
  }

  static bool is_free(const Strip& strip, sim::ThreadId thread) {
    return std::none_of(strip.marks.begin(), strip.marks.end(), [&](const Mark& m) { return m.thread == thread; });
  }

  // Threads that cannot go on for a lock since this run.
  void tell_waits(std::size_t first, std::size_t last) {
    using State = ThreadGlimpse::State;
    const Glimpse& after = telling_.steps[last - 1].after;
    for (std::size_t i = 0; i < after.threads.size(); ++i) {
      if (after.threads[i].state != State::waiting) continue;
      const bool waited = first > 0 && telling_.steps[first - 1].after.threads[i].state == State::waiting &&
                          telling_.steps[first - 1].after.threads[i].why == after.threads[i].why;
      if (!waited) place(Mark{static_cast<sim::ThreadId>(i), Ink::trouble, "  " + after.threads[i].why});
    }
  }

  // Where the thread was overtaken: that is the window in which the others now move.
  void tell_standing(std::size_t last, Detail detail) {
    if (detail == Detail::steps || last == telling_.steps.size()) return;
    const std::string standing = standing_after(telling_, last - 1);
    if (!standing.empty()) place(Mark{telling_.steps[last - 1].thread, Ink::detail, "  … " + standing});
  }

  bool is_decisive(std::size_t step) const {
    return std::find(decisive_.begin(), decisive_.end(), step) != decisive_.end();
  }
  static bool begins(const Step& step) {
    return !step.events.empty() && step.events.front().kind == Event::Kind::begins &&
           step.events.front().thread == step.thread;
  }
  void star(const Step& step) {
    if (begins(step)) {
      place(step.events.front());
      open_ = false;
    }
    place(Mark{step.thread, Ink::decisive, "★ " + step_text(step)});
  }

  // With every step, also which locks it took and gave back.
  std::vector<std::string> changes_of(std::size_t number, Detail detail) const {
    const Step& step = telling_.steps[number];
    std::vector<std::string> changes = step.changes;
    if (detail == Detail::runs) return changes;
    const auto id = static_cast<std::size_t>(step.thread);
    const std::vector<std::string>& now = step.after.threads[id].holds;
    const std::vector<std::string> before =
        number == 0 ? std::vector<std::string>() : telling_.steps[number - 1].after.threads[id].holds;
    for (const std::string& lock : now) {
      if (std::find(before.begin(), before.end(), lock) == before.end()) changes.push_back("takes " + lock);
    }
    for (const std::string& lock : before) {
      if (std::find(now.begin(), now.end(), lock) == now.end()) changes.push_back("releases " + lock);
    }
    return changes;
  }

  const Telling& telling_;
  const std::vector<std::size_t>& decisive_;
  std::vector<Strip> strips_;
  bool open_ = false;    // the latest line begins an operation, and nothing has come since
  bool joined_ = false;  // the latest event was joined to the line before it
};

}  // namespace

std::vector<Strip> draw(const Telling& telling, std::size_t first, std::size_t last, Detail detail,
                        const std::vector<std::size_t>& decisive) {
  std::vector<Strip> strips;
  for (std::size_t begin = first; begin < last;) {
    std::size_t end = begin + 1;
    while (detail == Detail::runs && end < last && telling.steps[end].thread == telling.steps[begin].thread) ++end;
    for (Strip& strip : Run(telling, decisive).lay_out(begin, end, detail)) strips.push_back(std::move(strip));
    begin = end;
  }
  return strips;
}

}  // namespace timeline
