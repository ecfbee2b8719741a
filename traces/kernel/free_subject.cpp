// SPDX-License-Identifier: Apache-2.0
#include "traces/kernel/free_subject.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <exception>

#include "traces/kernel/final_state_json.hpp"
#include "traces/kernel/free_threads.hpp"
#include "traces/kernel/performer.hpp"
#include "traces/kernel/snapshot.hpp"
#include "traces/kernel/subject_process.hpp"
#include "traces/kernel/verdict.hpp"

namespace traces {
namespace {

// While threads stand, nothing that they use may be destroyed: so this ends the process at once.
[[noreturn]] void fail(FreeLog& log, const std::string& why) {
  std::strncpy(log.failure.data(), why.c_str(), log.failure.size() - 1);
  _exit(kSubjectFailed);
}

enum class Room : std::uint8_t { left, full };

// One line for the parent.
Room append(FreeLog& log, const std::string& line) {
  const std::uint64_t used = log.used;
  if (used + line.size() + 1 > log.text.size())
    fail(log, "a final state is larger than the log of free mode");
  std::memcpy(log.text.data() + used, line.data(), line.size());
  log.text[used + line.size()] = '\n';
  log.used = used + line.size() + 1;
  ++log.ended;
  return log.used + line.size() * 2 + 4096 > log.text.size() ? Room::full : Room::left;
}

FinalState::Thread ended(const ThreadProgram& thread, const ThreadSlot& slot, ThreadEnd end) {
  const auto from = slot.registers.begin();
  return {end, {from, from + static_cast<std::ptrdiff_t>(thread.registers.size())}};
}

[[noreturn]] void run_iterations(const Program& program, const FreeOptions& options, std::uint64_t first,
                                 Board& board, FreeLog& log) {
  become_subject(program.privilege);
  board.moved_elsewhere = 0;  // by the process before this one
  const Layout layout(program);
  std::vector<std::string> letters;
  const std::vector<SetupStep> steps = setup_steps(program, layout, letters);
  const ProcessView view(getpid());
  Mutexes mutexes;
  Subject subject{board, mutexes, view, board.descriptors[0]};
  Performer performer(subject);
  FreeThreads threads(program, layout, subject);
  for (std::uint64_t iteration = first; iteration < options.iterations; ++iteration) {
    wipe(board, program);
    const std::string failure = set_up(steps, performer);
    if (!failure.empty()) fail(log, failure);
    threads.start(options.seed, iteration);
    const Verdict verdict = await_verdict(threads);
    FinalState state = snapshot(program, layout, board, view);
    for (std::size_t i = 0; i < program.threads.size(); ++i) {
      state.threads[i] = ended(program.threads[i], board.threads[i], verdict.ends[i]);
    }
    const Room room = append(log, to_json_text(state));
    if (verdict.left == Verdict::Left::sleepers || room == Room::full || threads.forks()) break;
    tear_down(subject);
  }
  _exit(0);  // with whatever threads there are
}

}  // namespace

void run_subject(const Program& program, const FreeOptions& options, std::uint64_t first, Board& board,
                 FreeLog& log) {
  try {
    run_iterations(program, options, first, board, log);
  } catch (const std::exception& problem) {
    fail(log, problem.what());
  }
}

}  // namespace traces
