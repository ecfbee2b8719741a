// SPDX-License-Identifier: Apache-2.0
#include "traces/kernel/verdict.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>

namespace traces {
namespace {

using std::chrono_literals::operator""us;

// Operations of a loop after everybody else came to rest, before it is said to go round for ever.
constexpr std::uint64_t kRounds = 2'000;
// The same while others are woken by the loop, only to sleep again where they were.
constexpr std::uint64_t kRoundsWithWakes = 50'000;
constexpr std::uint64_t kWakes = 1'000;
constexpr auto kBetweenLooks = 200us;
// How long one system call runs, in ticks, after everybody else came to rest, before it is said never to end.
// Those that end take microseconds.
constexpr std::uint64_t kTicksInOneCall = 50;

struct Glance {
  std::size_t thread = 0;
  bool asleep = false;
  std::uint64_t switches = 0;
  std::uint64_t steps = 0;
  std::uint64_t ticks = 0;  // in the kernel
};
using Scene = std::vector<Glance>;

Scene look(FreeThreads& threads) {
  Scene scene;
  threads.reap();
  for (std::size_t i = 0; i < threads.size(); ++i) {
    const std::uint32_t progress = threads.slot(i).progress;
    if (progress >= ThreadSlot::finished || progress == ThreadSlot::unborn) continue;
    // In this order, for the reason that thread_watch.hpp gives.
    const bool asleep = threads.watch(i).asleep();
    scene.push_back(
        {i, asleep, threads.watch(i).switches(), threads.slot(i).steps, threads.watch(i).system_time()});
  }
  return scene;
}

bool same_threads(const Scene& a, const Scene& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const Glance& x, const Glance& y) { return x.thread == y.thread; });
}

bool slept(const Glance& before, const Glance& now) {
  return before.asleep && now.asleep && before.switches == now.switches;
}

enum class Rest : std::uint8_t { none, asleep, spinning };

// What two looks at the same threads prove, the second at least one wait after the first.
Rest compare(const Scene& before, const Scene& now) {
  Rest rest = Rest::asleep;
  for (std::size_t i = 0; i < now.size(); ++i) {
    if (slept(before[i], now[i])) continue;
    if (now[i].steps < before[i].steps + kRounds) return Rest::none;
    rest = Rest::spinning;
  }
  return rest;
}

// Loops that go round since `origin`, while the others sleep, or are woken again and again without ever
// completing an operation. (A thread that only waits for a processor is neither.)
bool spins_with_wakes(const Scene& origin, const Scene& now) {
  bool spins = false;
  for (std::size_t i = 0; i < now.size(); ++i) {
    const bool moves = now[i].steps != origin[i].steps;
    if (moves && now[i].steps < origin[i].steps + kRoundsWithWakes) return false;
    const bool rests = slept(origin[i], now[i]) || now[i].switches >= origin[i].switches + kWakes;
    if (!moves && !rests) return false;
    spins = spins || moves;
  }
  return spins;
}

bool in_the_same_call(const Glance& before, const Glance& now) { return before.steps == now.steps; }

// Since `origin` some did nothing but run in one system call, and the others slept.
bool never_return(const Scene& origin, const Scene& now) {
  bool some = false;
  for (std::size_t i = 0; i < now.size(); ++i) {
    if (slept(origin[i], now[i])) continue;
    const bool runs = now[i].ticks >= origin[i].ticks + kTicksInOneCall;
    if (!runs || !in_the_same_call(origin[i], now[i])) return false;
    some = true;
  }
  return some;
}

bool went_on(const Scene& before, const Scene& now) {
  for (std::size_t i = 0; i < now.size(); ++i) {
    if (!in_the_same_call(before[i], now[i])) return true;
  }
  return false;
}

// Somebody woke, or fell asleep: rounds that loops went before count for nothing.
bool changed(const Scene& before, const Scene& now) {
  for (std::size_t i = 0; i < now.size(); ++i) {
    if (before[i].asleep != now[i].asleep || (now[i].asleep && !slept(before[i], now[i]))) return true;
  }
  return false;
}

bool wait_for_an_end(const FreeThreads& threads) {
  const std::uint32_t unfinished = threads.unfinished();
  if (unfinished != 0) futex_wait_for(threads.unfinished(), unfinished, kBetweenLooks);
  return threads.unfinished() == 0;
}

// Two looks that prove it; nothing if every thread ended.
struct Proof {
  Scene before, now;
};
std::optional<Proof> await_rest(FreeThreads& threads) {
  Scene origin, before, call;
  while (!wait_for_an_end(threads)) {
    const Scene now = look(threads);
    if (now.empty()) continue;
    if (!same_threads(origin, now)) {
      origin = before = call = now;
      continue;
    }
    if (compare(before, now) != Rest::none) return Proof{before, now};
    if (spins_with_wakes(origin, now)) return Proof{origin, now};
    if (never_return(call, now)) return Proof{call, now};
    if (changed(before, now)) before = now;
    if (went_on(call, now) || changed(call, now)) call = now;
  }
  return std::nullopt;
}

// Waits until those that were asked to stop have stopped, or fell asleep on their way to it.
void await_stops(FreeThreads& threads) {
  Scene before;
  while (!wait_for_an_end(threads)) {
    const Scene now = look(threads);
    if (same_threads(before, now) && compare(before, now) == Rest::asleep) return;
    before = now;
  }
}

}  // namespace

Verdict await_verdict(FreeThreads& threads) {
  Verdict verdict{.ends = std::vector<ThreadEnd>(threads.size(), ThreadEnd::done)};
  const std::optional<Proof> proof = await_rest(threads);
  for (std::size_t i = 0; i < threads.size(); ++i) {
    if (threads.slot(i).progress == ThreadSlot::unborn) verdict.ends[i] = ThreadEnd::unborn;
  }
  if (!proof) return verdict;
  bool loops = false;
  for (std::size_t i = 0; i < proof->now.size(); ++i) {
    const bool asleep = slept(proof->before[i], proof->now[i]);
    verdict.ends[proof->now[i].thread] = asleep ? ThreadEnd::blocked : ThreadEnd::spins;
    loops = loops || (!asleep && !in_the_same_call(proof->before[i], proof->now[i]));
  }
  if (loops) {
    threads.stop();
    await_stops(threads);
  }
  if (threads.unfinished() != 0) verdict.left = Verdict::Left::sleepers;
  return verdict;
}

}  // namespace traces
