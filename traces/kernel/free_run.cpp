// SPDX-License-Identifier: Apache-2.0
#include "traces/kernel/free_run.hpp"

#include <fmt/format.h>
#include <sys/wait.h>

#include <cstring>
#include <map>
#include <stdexcept>
#include <string_view>

#include "traces/kernel/availability.hpp"
#include "traces/kernel/child.hpp"
#include "traces/kernel/final_state_json.hpp"
#include "traces/kernel/free_subject.hpp"
#include "traces/kernel/huge_pool.hpp"
#include "traces/kernel/snapshot.hpp"
#include "traces/kernel/thread_watch.hpp"
#include "traces/kernel/version.hpp"

namespace traces {
namespace {

constexpr std::uint64_t kMostUndecidedInARow = 3;

// The parent's side of free mode: forks subjects until all iterations are done.
class FreeRun {
 public:
  FreeRun(const Program& program, const FreeOptions& options)
      : program_(program), options_(options), pool_(program) {}
  Histogram run();

 private:
  std::uint64_t done() const { return result_.iterations + result_.undecided; }
  void run_one_subject();
  void collect_lines();
  void count(const std::string& state);
  void account_for_end(std::optional<int> status);
  void undecided(std::string reason);
  std::optional<int> await_end(Child& child);
  FinalState state_after_exit() const;
  std::string where_threads_are(pid_t process) const;

  const Program& program_;
  const FreeOptions& options_;
  const HugePool pool_;
  Shared<Board> board_;
  Shared<FreeLog> log_;
  std::map<std::string, std::uint64_t> counts_;  // by the JSON text of the state
  Histogram result_;
  std::uint64_t undecided_in_a_row_ = 0;
  std::string stuck_;  // where the threads were when patience ended
};

Histogram FreeRun::run() {
  result_.kernel = running_kernel();
  while (done() < options_.iterations && undecided_in_a_row_ < kMostUndecidedInARow) run_one_subject();
  for (const auto& [text, count] : counts_) result_.rows.push_back({final_state_from_json(text), count});
  return std::move(result_);
}

void FreeRun::run_one_subject() {
  log_->ended = 0;
  log_->used = 0;
  pool_.await_return();
  Child child([&] { run_subject(program_, options_, done(), *board_, *log_); });
  const std::optional<int> status = await_end(child);
  collect_lines();
  account_for_end(status);
}

// Nothing if no iteration ended for as long as the patience lasts.
std::optional<int> FreeRun::await_end(Child& child) {
  for (;;) {
    const std::uint64_t before = log_->ended;
    if (const std::optional<int> status = child.wait_for(options_.patience)) return status;
    if (log_->ended != before) continue;
    stuck_ = where_threads_are(child.pid());
    return std::nullopt;
  }
}

void FreeRun::count(const std::string& state) {
  ++counts_[state];
  ++result_.iterations;
  undecided_in_a_row_ = 0;
}

void FreeRun::collect_lines() {
  std::string_view text(log_->text.data(), log_->used);
  while (!text.empty()) {
    const std::size_t newline = text.find('\n');
    count(std::string(text.substr(0, newline)));
    text.remove_prefix(newline + 1);
  }
}

void FreeRun::undecided(std::string reason) {
  ++result_.undecided;
  ++undecided_in_a_row_;
  result_.reasons.push_back(std::move(reason));
}

void FreeRun::account_for_end(std::optional<int> status) {
  if (!status) {
    undecided(fmt::format("nothing ended for {} ms: {}", options_.patience.count(), stuck_));
  } else if (WIFSIGNALED(*status)) {
    undecided(fmt::format("the process under test died of {}", strsignal(WTERMSIG(*status))));
  } else if (WEXITSTATUS(*status) == kProgramExit) {
    count(to_json_text(state_after_exit()));
  } else if (WEXITSTATUS(*status) == kSubjectFailed) {
    throw std::runtime_error(log_->failure.data());
  } else if (WEXITSTATUS(*status) != 0) {
    undecided(fmt::format("the process under test ended with status {}", WEXITSTATUS(*status)));
  }
}

FinalState FreeRun::state_after_exit() const {
  FinalState state = snapshot_after_exit(program_, *board_);
  for (std::size_t i = 0; i < program_.threads.size(); ++i) {
    const ThreadSlot& slot = board_->threads[i];
    const auto from = slot.registers.begin();
    const auto count = static_cast<std::ptrdiff_t>(program_.threads[i].registers.size());
    state.threads[i].end = slot.progress == ThreadSlot::running ? ThreadEnd::killed : ThreadEnd::done;
    state.threads[i].registers.assign(from, from + count);
  }
  return state;
}

std::string FreeRun::where_threads_are(pid_t process) const {
  std::string where;
  for (std::size_t i = 0; i < program_.threads.size(); ++i) {
    const ThreadSlot& slot = board_->threads[i];
    const ThreadWatch watch(process, slot.tid);
    const bool ended = slot.progress >= ThreadSlot::finished;
    where += fmt::format("{}{} {} after {} operations", where.empty() ? "" : ", ", program_.threads[i].name,
                         ended ? "has ended" : "is in " + watch.place(), slot.steps.load());
  }
  return where;
}

}  // namespace

std::string why_other_setting(const Program& program) {
  const UnprivilegedUffd here = unprivileged_userfaultfd();
  if (program.privilege == Privilege::root || program.unprivileged_userfaultfd == here) return {};
  const bool allowed = here == UnprivilegedUffd::allowed;
  return fmt::format("vm.unprivileged_userfaultfd is {} here, not {}", allowed ? 1 : 0, allowed ? 0 : 1);
}

Histogram run_free(const Program& program, const FreeOptions& options) {
  if (const auto why = why_no_userfaultfd()) throw std::runtime_error(*why);
  check_fits(program);
  if (const std::string why = why_other_setting(program); !why.empty()) throw std::runtime_error(why);
  return FreeRun(program, options).run();
}

}  // namespace traces
