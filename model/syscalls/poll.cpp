// SPDX-License-Identifier: Apache-2.0
// Follows fs/select.c: do_poll, do_pollfd and __pollwait.
#include <poll.h>

#include "model/syscalls/syscalls.hpp"
#include "model/uffd/read.hpp"

namespace model {
namespace {

// One look at the descriptor, which somebody may have closed or opened anew since the last one.
sim::Task<std::uint8_t> do_pollfd(Process& process, int fd) {
  co_await sim::point("fdget");
  File* file = fdget(process, fd);
  if (!file) co_return std::uint8_t{POLLNVAL};
  const std::uint8_t events = co_await userfaultfd_poll(*file);
  co_await fput(process, *file);
  co_return events;
}

// Called with a reference to the file, which keeps the wait queue.
sim::Task<std::uint8_t> do_poll(Process& process, int fd, File& file) {
  WaitQueue& queue = file.ctx->fd_wqh;
  Waiter poller;
  co_await queue.lock.lock();
  queue.add(poller);
  queue.lock.unlock();
  sim::set_current_state(sim::RunState::sleeping);
  std::uint8_t events = co_await userfaultfd_poll(file);
  while (events == 0 && !sim::current_thread().fatal_signal) {
    co_await sim::schedule("poll");
    sim::set_current_state(sim::RunState::sleeping);
    events = co_await do_pollfd(process, fd);
  }
  sim::set_current_state(sim::RunState::running);
  co_await queue.lock.lock();
  queue.remove(poller);
  queue.lock.unlock();
  co_return events;
}

}  // namespace

sim::Task<std::uint8_t> sys_poll(Process& process, int fd, PollWait wait) {
  if (wait == PollWait::not_at_all) {
    const std::uint8_t events = co_await do_pollfd(process, fd);
    co_return events;
  }
  co_await sim::point("fdget");
  File* file = fdget(process, fd);
  if (!file) co_return std::uint8_t{POLLNVAL};
  const std::uint8_t events = co_await do_poll(process, fd, *file);
  co_await fput(process, *file);
  co_return events;
}

}  // namespace model
