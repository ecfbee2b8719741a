// SPDX-License-Identifier: Apache-2.0
#include "traces/kernel/steered_subject.hpp"

#include <unistd.h>

#include <csignal>
#include <thread>

#include "traces/kernel/performer.hpp"
#include "traces/kernel/subject_process.hpp"
#include "traces/kernel/touch.hpp"

namespace traces {
namespace {

// A thread of the program: performs what its mailbox holds, for ever.
void obey(const Subject& subject, std::size_t index) {
  Performer performer(subject);
  Mailbox& mailbox = subject.board.threads[index].mailbox;
  for (;;) {
    while (mailbox.state != Mailbox::posted) futex_wait(mailbox.state, Mailbox::idle);
    const std::size_t child = mailbox.call.child;
    mailbox.answer = mailbox.call.kind == OperationKind::fork
                         ? fork_subject(subject, child, [=](Subject in_child) { obey(in_child, child); })
                         : performer.perform(mailbox.call);
    mailbox.state = Mailbox::idle;
    ++subject.board.events;
    futex_wake_all(subject.board.events);
  }
}

void live(Subject subject, std::size_t index) {
  use_signal_stack();
  subject.board.threads[index].tid = gettid();
  obey(subject, index);
}

// Threads of the first process; the others are forked.
void start_threads(const Subject& subject, std::size_t& started, std::size_t wanted) {
  for (; started < wanted; ++started) {
    ThreadSlot& slot = subject.board.threads[started];
    if (slot.process != 0) continue;
    std::thread([subject, started] { live(subject, started); }).detach();
    while (slot.tid == 0) std::this_thread::yield();
  }
}

// Kills what was forked, and waits until it is gone: another program's threads have the same mailboxes.
void end_children(Board& board) {
  for (ThreadSlot& slot : board.threads) {
    const pid_t child = slot.process == 0 ? 0 : slot.tid.load();
    if (child == 0) continue;
    kill(child, SIGKILL);
    while (kill(child, 0) == 0) std::this_thread::yield();
    slot.tid = 0;
  }
}

}  // namespace

void serve(SteeredBoard& steered) {
  Board& board = steered.board;
  become_subject(board.privilege);
  std::signal(SIGCHLD, SIG_IGN);  // children that end are gone
  const ProcessView view(getpid());
  Mutexes mutexes;
  Subject subject{board, mutexes, view, board.descriptors[0]};
  Performer performer(subject);
  for (std::size_t threads = 0;;) {
    while (steered.errand == SteeredBoard::none) futex_wait(steered.errand, SteeredBoard::none);
    switch (steered.errand) {
      case SteeredBoard::start_threads:
        start_threads(subject, threads, steered.thread_count);
        break;
      case SteeredBoard::call:
        steered.service.answer = performer.perform(steered.service.call);
        break;
      case SteeredBoard::clear:
        tear_down(subject);
        break;
      case SteeredBoard::end_children:
        end_children(board);
        break;
      default:
        break;
    }
    steered.errand = SteeredBoard::none;
    ++board.events;
    futex_wake_all(board.events);
  }
}

}  // namespace traces
