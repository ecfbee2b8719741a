// SPDX-License-Identifier: Apache-2.0
#include "traces/kernel/kernel_machine.hpp"

#include <fmt/format.h>
#include <sys/wait.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "traces/kernel/availability.hpp"
#include "traces/kernel/snapshot.hpp"
#include "traces/kernel/version.hpp"

namespace traces {
namespace {

using std::chrono_literals::operator""us;
using std::chrono_literals::operator""s;

constexpr std::chrono::microseconds kFirstWait =
    100us;  // for an answer, before looking where the threads are
constexpr std::chrono::microseconds kLongestWait = 2000us;
constexpr auto kPatience = 30s;

// The mailbox keeps its own letters, because the call's lie in another process.
void post(Mailbox& mailbox, const Call& call) {
  if (call.letter_count > kMaxLetters) {
    throw std::length_error(
        fmt::format("{} different letters in one operation: the kernel machine holds at most {}",
                    call.letter_count, kMaxLetters));
  }
  mailbox.call = call;
  if (call.letter_count != 0) std::memcpy(mailbox.letters.data(), call.letters, call.letter_count);
  mailbox.call.letters = mailbox.letters.data();
}

bool forks(const Program& program) {
  return std::any_of(program.threads.begin(), program.threads.end(), [](const ThreadProgram& thread) {
    return thread.parent != ThreadProgram::kFromTheStart;
  });
}

}  // namespace

KernelMachine::KernelMachine(const Program& program) : layout_(program) {
  if (const auto why = why_no_userfaultfd()) throw std::runtime_error(*why);
  reset(program);
}

std::string KernelMachine::name() const { return "kernel " + running_kernel(); }

void KernelMachine::reset(const Program& program) {
  check_fits(program);
  const bool reuse = reusable(program);
  if (child_ && !reuse) end_children();
  program_ = program;
  layout_ = Layout(program_);
  if (reuse) {
    run_errand(SteeredBoard::clear);
  } else {
    start_process(program.privilege);
  }
  wipe(shared_->board, program_);
  threads_.assign(program_.threads.size(), {});
  exited_ = false;
  last_picture_ = {};
  if (watches_.size() < program_.threads.size()) start_threads();
  pool_.reset();
  pool_ = std::make_unique<HugePool>(program_);
  prepare();
}

bool KernelMachine::is_child(std::size_t thread) const {
  return program_.threads[thread].parent != ThreadProgram::kFromTheStart;
}

bool KernelMachine::child_is_gone(std::size_t thread) const {
  return is_child(thread) && ::kill(shared_->board.threads[thread].tid, 0) != 0;
}

void KernelMachine::end_children() {
  for (std::size_t i = 0; i < threads_.size(); ++i) {
    if (is_child(i) && process_lives()) return run_errand(SteeredBoard::end_children);
  }
}

// Not for a program that forks: its children answer to mailboxes that may have a thread already.
bool KernelMachine::reusable(const Program& program) {
  if (!child_ || exited_ || shared_->board.privilege != program.privilege || !process_lives()) return false;
  if (forks(program_) || forks(program)) return false;
  return std::all_of(threads_.begin(), threads_.end(),
                     [](const ThreadState& thread) { return thread.doing == ThreadState::Doing::nothing; });
}

void KernelMachine::start_process(Privilege privilege) {
  watches_.clear();
  view_.reset();
  child_.reset();
  SteeredBoard& steered = *shared_;
  steered.board.privilege = privilege;
  steered.board.moved_elsewhere = 0;  // what the old process had there went with it
  steered.errand = SteeredBoard::none;
  for (ThreadSlot& slot : steered.board.threads) {
    slot.tid = 0;
    slot.mailbox.state = Mailbox::idle;
  }
  child_ = std::make_unique<Child>([&] { serve(*shared_); });
  view_ = std::make_unique<ProcessView>(child_->pid());
}

void KernelMachine::start_threads() {
  shared_->thread_count = static_cast<std::uint32_t>(program_.threads.size());
  run_errand(SteeredBoard::start_threads);
  for (std::size_t i = watches_.size(); i < program_.threads.size(); ++i) {
    watches_.emplace_back();
    if (!is_child(i)) watches_[i].emplace(child_->pid(), shared_->board.threads[i].tid);
  }
}

void KernelMachine::prepare() {
  std::vector<std::string> letters;
  for (const SetupStep& step : setup_steps(program_, layout_, letters)) {
    post(shared_->service, step.call);
    run_errand(SteeredBoard::call);
    const model::Errno error = shared_->service.answer.error;
    if (error == model::Errno::none) continue;
    throw std::runtime_error(fmt::format("cannot prepare {}: {}", step.what, model::to_text(error)));
  }
}

void KernelMachine::run_errand(SteeredBoard::Errand errand) {
  shared_->errand = errand;
  futex_wake_all(shared_->errand);
  for (;;) {
    const std::uint32_t seen = shared_->board.events;
    if (shared_->errand == SteeredBoard::none) return;
    futex_wait_for(shared_->board.events, seen, 100'000us);
    if (!process_lives()) throw std::runtime_error("the process under test died while it prepared a program");
  }
}

bool KernelMachine::process_lives() { return !child_->status(); }

void KernelMachine::perform(std::size_t thread, const Operation& operation, const Value& message) {
  if (exited_) return;
  ThreadState& state = threads_.at(thread);
  if (state.doing == ThreadState::Doing::operation) {
    throw std::logic_error(fmt::format("thread {} has not finished its last operation", thread));
  }
  Mailbox& mailbox = shared_->board.threads[thread].mailbox;
  post(mailbox, to_call(operation, layout_, message));
  state.doing = ThreadState::Doing::operation;
  state.result.reset();
  state.forks.reset();
  if (operation.kind == OperationKind::fork) state.forks = operation.child;
  mailbox.state = Mailbox::posted;
  futex_wake_all(mailbox.state);
  settle(thread);
}

std::size_t KernelMachine::collect_results() {
  std::size_t collected = 0;
  for (std::size_t i = 0; i < threads_.size(); ++i) {
    ThreadState& thread = threads_[i];
    const Mailbox& mailbox = shared_->board.threads[i].mailbox;
    if (thread.doing == ThreadState::Doing::nothing) continue;
    const bool gone = child_is_gone(i);  // it said so itself
    if (mailbox.state != Mailbox::idle && !gone) continue;
    thread.doing = ThreadState::Doing::nothing;
    ++collected;
    if (gone) continue;
    thread.result = mailbox.answer;
    const bool forked = thread.forks && mailbox.answer.error == model::Errno::none;
    if (forked) watch_child(*thread.forks);
  }
  return collected;
}

void KernelMachine::watch_child(std::size_t thread) {
  const pid_t pid = shared_->board.threads[thread].tid;
  watches_[thread].emplace(pid, pid);
}

std::vector<const ThreadWatch*> KernelMachine::watches_of_busy() {
  std::vector<const ThreadWatch*> busy;
  for (std::size_t i = 0; i < threads_.size(); ++i) {
    if (threads_[i].doing == ThreadState::Doing::operation) busy.push_back(&*watches_[i]);
  }
  return busy;
}

// Whether every thread with an unfinished operation sleeps. One look is enough for one such thread, since
// nobody else is there to wake it; several need two equal pictures, the first of which may be from before
// this operation, if it disturbed nobody.
bool KernelMachine::at_rest() {
  const std::vector<const ThreadWatch*> busy = watches_of_busy();
  if (busy.size() <= 1) return busy.empty() || busy.front()->asleep();
  Picture picture = look_at(busy);
  const bool same = picture.all_asleep && picture == last_picture_;
  last_picture_ = std::move(picture);
  return same;
}

void KernelMachine::settle(std::size_t started) {
  const auto give_up = std::chrono::steady_clock::now() + kPatience;
  const ThreadState& first = threads_[started];
  for (auto wait = kFirstWait;; wait = std::min(wait * 2, kLongestWait)) {
    const std::uint32_t seen = shared_->board.events;
    collect_results();
    // The new operation has the time of one wait to answer before anybody looks where its thread is. A thread
    // that answers meanwhile goes to sleep as well: so answers are asked for again after the look.
    const bool fresh = wait == kFirstWait && first.doing == ThreadState::Doing::operation;
    if (!fresh && at_rest() && collect_results() == 0) return;
    futex_wait_for(shared_->board.events, seen, wait);
    if (seen == shared_->board.events && !process_lives()) return note_end(started);
    if (std::chrono::steady_clock::now() > give_up)
      throw std::runtime_error("undecided: " + where_threads_are());
  }
}

// The process is gone, and every thread with it: because the program said so, or something broke.
void KernelMachine::note_end(std::size_t started) {
  collect_results();
  exited_ = true;
  threads_[started].doing = ThreadState::Doing::nothing;  // it said so itself; the others were killed
  const int status = *child_->status();
  if (WIFEXITED(status) && WEXITSTATUS(status) == kProgramExit) return;
  throw std::runtime_error(
      WIFSIGNALED(status) ? fmt::format("the process under test died of {}", strsignal(WTERMSIG(status)))
                          : fmt::format("the process under test ended with status {}", WEXITSTATUS(status)));
}

std::string KernelMachine::where_threads_are() const {
  std::string where;
  for (std::size_t i = 0; i < threads_.size(); ++i) {
    const bool busy = threads_[i].doing == ThreadState::Doing::operation;
    where += fmt::format("{}{} {}", where.empty() ? "" : ", ", program_.threads[i].name,
                         busy ? "is in " + watches_[i]->place() : "is idle");
  }
  return where;
}

std::optional<Value> KernelMachine::take_result(std::size_t thread) {
  return std::exchange(threads_.at(thread).result, std::nullopt);
}

FinalState KernelMachine::look() {
  FinalState state = exited_ ? snapshot_after_exit(program_, shared_->board)
                             : snapshot(program_, layout_, shared_->board, *view_);
  for (std::size_t i = 0; i < threads_.size(); ++i) {
    if (threads_[i].doing == ThreadState::Doing::nothing) continue;
    state.threads[i].end = exited_ ? ThreadEnd::killed : ThreadEnd::blocked;
  }
  return state;
}

}  // namespace traces
