// SPDX-License-Identifier: Apache-2.0
#include "traces/kernel/steered_subject.hpp"

#include <unistd.h>

#include <thread>

#include "traces/kernel/performer.hpp"
#include "traces/kernel/subject_process.hpp"
#include "traces/kernel/touch.hpp"

namespace traces {
namespace {

// A thread of the program: performs what its mailbox holds, for ever.
void live(Subject subject, std::size_t index) {
  use_signal_stack();
  Performer performer(subject);
  Mailbox& mailbox = subject.board.threads[index].mailbox;
  subject.board.threads[index].tid = gettid();
  for (;;) {
    while (mailbox.state != Mailbox::posted) futex_wait(mailbox.state, Mailbox::idle);
    mailbox.answer = performer.perform(mailbox.call);
    mailbox.state = Mailbox::idle;
    ++subject.board.events;
    futex_wake_all(subject.board.events);
  }
}

}  // namespace

void serve(SteeredBoard& steered) {
  Board& board = steered.board;
  become_subject(board.privilege);
  const ProcessView view(getpid());
  Mutexes mutexes;
  Subject subject{board, mutexes, view, board.descriptors[0]};
  Performer performer(subject);
  for (std::size_t threads = 0;;) {
    while (steered.errand == SteeredBoard::none) futex_wait(steered.errand, SteeredBoard::none);
    switch (steered.errand) {
      case SteeredBoard::start_threads:
        for (; threads < steered.thread_count; ++threads) {
          std::thread([subject, threads] { live(subject, threads); }).detach();
          while (board.threads[threads].tid == 0) std::this_thread::yield();
        }
        break;
      case SteeredBoard::call:
        steered.service.answer = performer.perform(steered.service.call);
        break;
      case SteeredBoard::clear:
        tear_down(subject);
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
