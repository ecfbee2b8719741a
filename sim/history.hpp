// SPDX-License-Identifier: Apache-2.0
// History: the events of one execution and which of them happened before which: in one thread, or in two of
// which one saw what the other did. Two executions with the same happened-before order are one trace, in the
// sense of Mazurkiewicz: they differ only in the order of steps that commute.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/effect.hpp"
#include "sim/world.hpp"

namespace sim {

// A bit a thread.
using ThreadSet = std::uint8_t;
static_assert(kMaxThreads <= 8);
constexpr ThreadSet set_of(ThreadId thread) { return static_cast<ThreadSet>(1u << thread); }

// One step of a thread, with the answers to what it asked.
struct Event {
  ThreadId thread = 0;
  // Whether the thread could take this step whenever it stood there, or had to wait until it was let.
  enum class Waits : std::uint8_t { never, until_ready } waits = Waits::never;
  ThreadSet runnable = 0;  // before it
  ThreadSet turned = 0;    // threads that could run and now cannot, or the other way round
  Effect effect;
};

class History {
 public:
  std::size_t size() const { return events_.size(); }
  void push(Event event);
  void pop();

  // The events with which the last one is in a race that could have gone the other way: latest first. Too
  // many for a thread that had to wait: among those that let it there may be some that it could not have
  // overtaken.
  std::vector<std::size_t> races() const;

  // Which threads can come first, from before `event` on, so that the last event comes before it: the threads
  // that begin some order of what did not happen after `event`, and the last event.
  ThreadSet initials(std::size_t event) const;

 private:
  // Of each thread, how many events of this history are known to have happened: all below this number.
  using Clock = std::array<std::uint32_t, kMaxThreads>;
  struct Placed {
    Event event;
    std::ptrdiff_t previous;  // event of the same thread; -1: none
    Clock clock;              // what happened before it, and itself
  };

  bool happened_before(std::size_t first, std::size_t second) const {
    return first < events_[second].clock[static_cast<std::size_t>(events_[first].event.thread)];
  }
  // Whether the event was made while `later` stood where it begins.
  static bool stood(std::size_t event, const Placed& later) {
    return later.previous < static_cast<std::ptrdiff_t>(event);
  }
  bool meet(std::size_t event, const Placed& later) const;
  static void join(Clock& clock, const Clock& other);

  std::vector<Placed> events_;
  std::array<std::ptrdiff_t, kMaxThreads> latest_ = none();  // event of each thread; -1: none
  static constexpr std::array<std::ptrdiff_t, kMaxThreads> none() {
    std::array<std::ptrdiff_t, kMaxThreads> all{};
    all.fill(-1);
    return all;
  }
};

}  // namespace sim
