// SPDX-License-Identifier: Apache-2.0
// What the engine costs: a step, a hash, a snapshot, a world.
#include <benchmark/benchmark.h>

#include "sim/every_path.hpp"
#include "sim/explore.hpp"
#include "sim/random_walk.hpp"
#include "sim/toys_for_test.hpp"

namespace sim {
namespace {

using toys::Counters;
using toys::Toy;

const Toy<Counters> kFourByThree({.threads = 4, .times = 3});

struct Endless {
  Task<void> run() {
    while (true) co_await point("again");
  }
  void boot(World& world) {
    world.spawn("t", [this] { return run(); });
  }
  std::string outcome(const World&, std::uint8_t) const { return {}; }
};

void step(benchmark::State& state) {
  const Toy<Endless> toy;
  Arena arena(toy.arena_size());
  toy.boot(arena);
  for (auto _ : state) current.world->step({Move::Kind::run, 0, 0});
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(step);

// A world of so many KiB of objects.
struct Sized {
  explicit Sized(std::int64_t kib) : arena({.objects = std::size_t{1} << 20, .stack = 4096}) {
    auto* words = static_cast<std::uint64_t*>(arena.allocate(static_cast<std::size_t>(kib) * 1024, 8));
    for (std::int64_t i = 0; i < kib * 128; ++i)
      words[i] = static_cast<std::uint64_t>(i) * 0x9e37'79b9'7f4a'7c15;
    arena.save(saved);
  }
  Arena arena;
  std::vector<std::byte> saved;
};

void hash(benchmark::State& state) {
  const Sized world(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(world.arena.hash());
  state.SetBytesProcessed(state.iterations() * state.range(0) * 1024);
}
BENCHMARK(hash)->Arg(1)->Arg(2)->Arg(4)->Arg(16);

void save(benchmark::State& state) {
  Sized world(state.range(0));
  for (auto _ : state) {
    world.saved.clear();
    world.arena.save(world.saved);
    benchmark::DoNotOptimize(world.saved.data());
  }
}
BENCHMARK(save)->Arg(1)->Arg(4)->Arg(16);

void load(benchmark::State& state) {
  Sized world(state.range(0));
  for (auto _ : state) world.arena.load(world.saved);
}
BENCHMARK(load)->Arg(1)->Arg(4)->Arg(16);

void load_from_another_arena(benchmark::State& state) {
  const Sized world(state.range(0));
  Arena other({.objects = std::size_t{1} << 20, .stack = 4096});
  for (auto _ : state) other.load(world.saved);
}
BENCHMARK(load_from_another_arena)->Arg(1)->Arg(4)->Arg(16);

void explore_worlds(benchmark::State& state) {
  const Toy<Counters> toy({.threads = 4, .times = 3, .locking = Counters::Locking::racy});
  std::uint64_t worlds = 0;
  std::uint64_t transitions = 0;
  for (auto _ : state) {
    const Exploration found =
        explore(toy, {.workers = static_cast<int>(state.range(0)), .checks = Checks::none});
    worlds += found.totals.worlds;
    transitions += found.totals.transitions;
  }
  state.counters["worlds"] = benchmark::Counter(static_cast<double>(worlds), benchmark::Counter::kIsRate);
  state.counters["transitions"] =
      benchmark::Counter(static_cast<double>(transitions), benchmark::Counter::kIsRate);
}
BENCHMARK(explore_worlds)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);

void explore_four_by_three_locked_increments(benchmark::State& state) {
  for (auto _ : state)
    benchmark::DoNotOptimize(explore(kFourByThree, {.checks = Checks::none}).totals.worlds);
}
BENCHMARK(explore_four_by_three_locked_increments)->Unit(benchmark::kMicrosecond);

void every_path_of_369600(benchmark::State& state) {
  const Toy<Counters> toy({.threads = 4, .times = 2});
  std::uint64_t executions = 0;
  for (auto _ : state) {
    executions += every_path(toy, {.workers = static_cast<int>(state.range(0)), .checks = Checks::none})
                      .totals.executions;
  }
  state.counters["executions"] =
      benchmark::Counter(static_cast<double>(executions), benchmark::Counter::kIsRate);
}
BENCHMARK(every_path_of_369600)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);

void random_walk(benchmark::State& state) {
  for (auto _ : state) random_walks(kFourByThree, 1, 10000, {.checks = Checks::none});
  state.SetItemsProcessed(state.iterations() * 10000);
}
BENCHMARK(random_walk)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace sim
