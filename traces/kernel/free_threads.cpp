// SPDX-License-Identifier: Apache-2.0
#include "traces/kernel/free_threads.hpp"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <thread>

#include "traces/kernel/subject_process.hpp"
#include "traces/kernel/touch.hpp"

namespace traces {
namespace {

constexpr std::uint64_t kDelayedSteps = 64;  // after so many, a thread is in a loop: only now and then

std::vector<int> allowed_processors() {
  cpu_set_t set;
  CPU_ZERO(&set);
  sched_getaffinity(0, sizeof set, &set);
  std::vector<int> processors;
  for (int i = 0; i < CPU_SETSIZE; ++i) {
    if (CPU_ISSET(i, &set)) processors.push_back(i);
  }
  return processors;
}

// One processor, or (once in three) all of them: threads that share one race differently.
void move_to_some(const std::vector<int>& processors, Random& random) {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (random.below(3) == 0) {
    for (const int processor : processors) CPU_SET(processor, &set);
  } else {
    CPU_SET(processors[random.below(processors.size())], &set);
  }
  sched_setaffinity(0, sizeof set, &set);
}

// Nothing, nanoseconds, or up to some tens of microseconds (about what waking a thread takes).
void delay(Random& random) {
  const std::uint64_t scale = random.below(4);
  if (scale == 0) return;
  const std::uint64_t turns = random.below(std::uint64_t{8} << (4 * (scale - 1)));
  for (std::uint64_t i = 0; i < turns; ++i) asm volatile("pause");
}

}  // namespace

FreeThreads::FreeThreads(const Program& program, const Layout& layout, Subject subject)
    : program_(program),
      layout_(layout),
      subject_(subject),
      watches_(program.threads.size()),
      processes_(processes_of(program)),
      processors_(allowed_processors()) {
  for (const ThreadProgram& thread : program.threads) codes_.push_back(flatten(thread.body));
  for (std::size_t i = 0; i < codes_.size(); ++i) subject_.board.threads[i].tid = 0;
  for (std::size_t i = 0; i < codes_.size(); ++i) {
    if (processes_[i] != 0) continue;
    ++at_start_;
    std::thread([this, i] { live(i); }).detach();
  }
  for (std::size_t i = 0; i < codes_.size(); ++i) {
    while (processes_[i] == 0 && slot(i).tid == 0) sched_yield();
  }
}

void FreeThreads::start(std::uint64_t seed, std::uint64_t iteration) {
  seed_ = Random(seed).next() ^ iteration;
  subject_.board.stop = false;
  arrived_ = 0;
  subject_.board.unfinished = static_cast<std::uint32_t>(at_start_);
  ++round_;
  futex_wake_all(round_);
}

const ThreadWatch& FreeThreads::watch(std::size_t thread) {
  std::optional<ThreadWatch>& watch = watches_[thread];
  const pid_t tid = slot(thread).tid;
  if (!watch) watch.emplace(processes_[thread] == 0 ? getpid() : tid, tid);
  return *watch;
}

void FreeThreads::live(std::size_t thread) {
  use_signal_stack();
  Performer performer(subject_);
  ThreadSlot& slot = subject_.board.threads[thread];
  slot.tid = gettid();
  for (std::uint32_t seen = 0;;) {
    while (round_ == seen) futex_wait(round_, seen);
    seen = round_;
    Random random(Random(seed_ + (thread << 56)).next());
    meet(random);
    walk(thread, performer, random);
  }
}

void FreeThreads::count_end(ThreadSlot& slot, ThreadSlot::Progress progress) {
  slot.progress = progress;
  --subject_.board.unfinished;
  futex_wake_all(subject_.board.unfinished);
}

// The child begins only when this returns, unless a monitor has to read of it first. The parent goes on when
// the child can be watched: until then somebody is awake. The child stays when its body is done, as threads
// do.
Value FreeThreads::fork_child(const Subject& parent, std::size_t child, Random& random) {
  Board& board = parent.board;
  ++board.unfinished;
  const Value value = fork_subject(parent, child, [&](Subject subject) {
    Performer performer(subject);
    Random own(random.next());
    walk(child, performer, own);
    for (;;) pause();
  });
  if (value.error != model::Errno::none) --board.unfinished;
  return value;
}

void FreeThreads::reap() {
  for (std::size_t i = 0; i < codes_.size(); ++i) {
    ThreadSlot& slot = subject_.board.threads[i];
    const bool leaves = processes_[i] != 0 && slot.progress == ThreadSlot::leaving;
    if (leaves && waitpid(slot.tid, nullptr, WNOHANG) == slot.tid) count_end(slot, ThreadSlot::finished);
  }
}

void FreeThreads::meet(Random& random) {
  move_to_some(processors_, random);
  ++arrived_;
  while (arrived_ < at_start_) sched_yield();
}

void FreeThreads::walk(std::size_t thread, Performer& performer, Random& random) {
  ThreadSlot& slot = subject_.board.threads[thread];
  const std::span<const Value> registers(slot.registers);
  std::uint16_t pc = 0;
  while (!subject_.board.stop) {
    if (slot.steps < kDelayedSteps || random.below(64) == 0) delay(random);
    const Instruction* const at = next(codes_[thread], pc, registers);
    if (at == nullptr) {
      count_end(slot, ThreadSlot::finished);
      return;
    }
    const Perform& perform = *at->perform;
    if (perform.operation.kind == OperationKind::exit) slot.progress = ThreadSlot::leaving;
    const RangeExpression& range = perform.operation.range;
    const bool by_message = range.base == RangeExpression::Base::message;
    const Value message = by_message ? slot.registers[range.index] : Value{};
    const bool forks = perform.operation.kind == OperationKind::fork;
    const Value value = forks ? fork_child(performer.subject(), perform.operation.child, random)
                              : performer.perform(to_call(perform.operation, layout_, message));
    if (perform.result >= 0) slot.registers[static_cast<std::size_t>(perform.result)] = value;
    ++pc;
    ++slot.steps;
  }
  count_end(slot, ThreadSlot::stopped);
}

}  // namespace traces
