// SPDX-License-Identifier: Apache-2.0
// What the model costs: its steps, its executions, the bytes of a world, and a MISSING fault beside the same
// fault on the kernel of this machine.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <thread>

#include "model/uffd/abi.hpp"
#include "sim/explore.hpp"
#include "traces/model/machine.hpp"
#include "traces/model/programs_for_test.hpp"
#include "traces/model/subject.hpp"

namespace traces {
namespace {

std::string no_name(const FinalState&) { return {}; }

// One execution of missing-copy, again and again: always the first move, from the same saved world.
void missing_copy_executions(benchmark::State& state) {
  const ModelSubject subject(missing_copy(), model::default_kernel(), no_name);
  sim::Arena arena;
  subject.boot(arena);
  std::vector<std::byte> start;
  arena.save(start);
  std::vector<sim::Move> moves;
  std::int64_t steps = 0;
  for (auto _ : state) {
    arena.load(start);
    sim::World& world = sim::World::enter(arena);
    for (world.moves(moves); !moves.empty(); world.moves(moves)) {
      world.step(moves.front());
      ++steps;
    }
  }
  state.counters["executions"] = benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
  state.counters["steps"] = benchmark::Counter(static_cast<double>(steps), benchmark::Counter::kIsRate);
}
BENCHMARK(missing_copy_executions);

// All of missing-copy: every world once.
void missing_copy_exhausted(benchmark::State& state) {
  const ModelSubject subject(missing_copy(), model::default_kernel(), no_name);
  sim::Exploration exploration;
  for (auto _ : state) exploration = sim::explore(subject);
  const auto worlds = static_cast<double>(exploration.totals.worlds);
  state.counters["worlds"] = benchmark::Counter(worlds * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
  state.counters["bytes_max"] = static_cast<double>(exploration.totals.world_bytes_max);
  state.counters["bytes_mean"] = static_cast<double>(exploration.totals.world_bytes_mean);
}
BENCHMARK(missing_copy_exhausted)->Unit(benchmark::kMillisecond);

constexpr std::uint64_t kPages = 4096;

// Load, read, copy, wake: on the model.
void missing_fault_on_the_model(benchmark::State& state) {
  Program program = missing_copy();
  program.regions[0].pages = {kPages};
  program.uffds[0].registrations[0].range.length = model::PageCount{kPages}.bytes();
  ModelMachine machine(program, model::default_kernel());
  Operation load{.kind = OperationKind::load};
  Operation read{.kind = OperationKind::read};
  Operation copy{.kind = OperationKind::copy};
  copy.contents = "A";
  Operation drop{.kind = OperationKind::dontneed};
  drop.range.length = model::PageCount{kPages}.bytes();
  std::uint64_t page = 0;
  for (auto _ : state) {
    load.range.offset = copy.range.offset = page * model::kPageSize;
    machine.perform(0, load);
    machine.perform(1, read);
    const bool was_read = machine.take_result(1).has_value();
    machine.perform(1, copy);
    const bool resolved = machine.take_result(1).has_value() && machine.take_result(0).has_value();
    if (!was_read || !resolved) state.SkipWithError("the fault was not resolved");
    if (++page < kPages) continue;
    state.PauseTiming();
    page = 0;
    machine.perform(0, drop);
    machine.take_result(0);
    state.ResumeTiming();
  }
}
BENCHMARK(missing_fault_on_the_model);

void stay_on_one_core() {
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(0, &one);
  sched_setaffinity(0, sizeof one, &one);
}

// A monitor that answers every fault with a COPY until its descriptor is closed under it.
void answer_faults(int uffd, char* source) {
  stay_on_one_core();
  uffd_msg message;
  while (::read(uffd, &message, sizeof message) == sizeof message && message.event == UFFD_EVENT_PAGEFAULT) {
    uffdio_copy copy{};
    copy.dst = message.arg.pagefault.address & model::kPageMask;
    copy.src = reinterpret_cast<std::uint64_t>(source);
    copy.len = model::kPageSize;
    ioctl(uffd, UFFDIO_COPY, &copy);
    if (copy.dst == reinterpret_cast<std::uint64_t>(source) - model::kPageSize) return;  // the last page: end
  }
}

// The same on the kernel of this machine, both threads on one core.
void missing_fault_on_the_kernel(benchmark::State& state) {
  const auto uffd = static_cast<int>(syscall(SYS_userfaultfd, O_CLOEXEC | UFFD_USER_MODE_ONLY));
  uffdio_api api{};
  api.api = UFFD_API;
  if (uffd < 0 || ioctl(uffd, UFFDIO_API, &api) != 0) {
    state.SkipWithError("no userfaultfd here");
    return;
  }
  // Pages to fault on, one that ends the monitor, and the source.
  const std::size_t bytes = (kPages + 2) * model::kPageSize;
  auto* area = static_cast<char*>(mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  madvise(area, bytes, MADV_NOHUGEPAGE);
  char* source = area + (kPages + 1) * model::kPageSize;
  source[0] = 'A';
  uffdio_register registration{};
  registration.range = {reinterpret_cast<std::uint64_t>(area), (kPages + 1) * model::kPageSize};
  registration.mode = UFFDIO_REGISTER_MODE_MISSING;
  ioctl(uffd, UFFDIO_REGISTER, &registration);
  stay_on_one_core();
  std::thread monitor(answer_faults, uffd, source);
  const volatile char* touched = area;
  std::uint64_t page = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(touched[page * model::kPageSize]);
    if (++page < kPages) continue;
    state.PauseTiming();
    page = 0;
    madvise(area, kPages * model::kPageSize, MADV_DONTNEED);
    state.ResumeTiming();
  }
  benchmark::DoNotOptimize(touched[kPages * model::kPageSize]);
  monitor.join();
  munmap(area, bytes);
  close(uffd);
}
BENCHMARK(missing_fault_on_the_kernel)->UseRealTime();

}  // namespace
}  // namespace traces
