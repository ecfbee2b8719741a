// SPDX-License-Identifier: Apache-2.0
#include "sim/history.hpp"

#include <algorithm>
#include <utility>

namespace sim {

void History::join(Clock& clock, const Clock& other) {
  for (std::size_t i = 0; i < clock.size(); ++i) clock[i] = std::max(clock[i], other[i]);
}

bool History::meet(std::size_t event, const Placed& later) const {
  const Event& earlier = events_[event].event;
  const bool let_it = stood(event, later) && (earlier.turned & set_of(later.event.thread));
  return let_it || earlier.effect.meets(later.event.effect);
}

void History::push(Event event) {
  const auto thread = static_cast<std::size_t>(event.thread);
  Placed placed{.event = std::move(event), .previous = latest_[thread], .clock = {}};
  if (placed.previous >= 0) placed.clock = events_[static_cast<std::size_t>(placed.previous)].clock;
  for (std::size_t i = events_.size(); i-- > 0;) {
    const auto other = static_cast<std::size_t>(events_[i].event.thread);
    if (i >= placed.clock[other] && meet(i, placed)) join(placed.clock, events_[i].clock);
  }
  placed.clock[thread] = static_cast<std::uint32_t>(events_.size() + 1);
  latest_[thread] = static_cast<std::ptrdiff_t>(events_.size());
  events_.push_back(std::move(placed));
}

void History::pop() {
  latest_[static_cast<std::size_t>(events_.back().event.thread)] = events_.back().previous;
  events_.pop_back();
}

std::vector<std::size_t> History::races() const {
  std::vector<std::size_t> found;
  const Placed& last = events_.back();
  const Event& event = last.event;
  Clock known{};
  if (last.previous >= 0) known = events_[static_cast<std::size_t>(last.previous)].clock;
  for (std::size_t i = events_.size() - 1; i-- > 0;) {
    const Event& earlier = events_[i].event;
    if (earlier.thread == event.thread || i < known[static_cast<std::size_t>(earlier.thread)]) continue;
    if (!meet(i, last)) continue;
    const bool could_run = !stood(i, last) || (earlier.runnable & set_of(event.thread));
    if (!could_run) continue;  // who let it: what that one did before may still be overtaken
    found.push_back(i);
    if (event.waits == Event::Waits::never || stood(i, last)) join(known, events_[i].clock);
  }
  return found;
}

ThreadSet History::initials(std::size_t event) const {
  ThreadSet seen = 0;
  ThreadSet initial = 0;
  std::vector<std::size_t> kept;
  const std::size_t last = events_.size() - 1;
  for (std::size_t i = event + 1; i <= last; ++i) {
    if (i != last && happened_before(event, i)) continue;
    const ThreadSet thread = set_of(events_[i].event.thread);
    const bool leads =
        std::none_of(kept.begin(), kept.end(), [&](std::size_t k) { return happened_before(k, i); });
    if (!(seen & thread) && leads) initial |= thread;
    seen |= thread;
    kept.push_back(i);
  }
  return initial;
}

}  // namespace sim
