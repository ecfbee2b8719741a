// SPDX-License-Identifier: Apache-2.0
// Follows fs/eventpoll.c: ep_insert, ep_remove, ep_send_events, ep_poll and eventpoll_release_file.
#include "model/syscalls/syscalls.hpp"
#include "model/uffd/read.hpp"

namespace model {
namespace {

// Called with mtx held.
sim::Task<void> ep_insert(Machine& machine, EventPoll& ep, File& file, int fd, EpollTrigger trigger) {
  EpollItem* item = machine.epoll_items.allocate();
  item->thread = sim::kNoThread;
  item->ep = &ep;
  item->file = &file;
  item->fd = fd;
  item->trigger = trigger;
  ep.items.push_back(*item);
  WaitQueue& queue = file.ctx->fd_wqh;
  co_await queue.lock.lock();
  queue.add(*item);
  queue.lock.unlock();
  const std::uint8_t events = co_await userfaultfd_poll(file);
  if (events == 0) co_return;
  co_await sim::point("ep->lock");
  ep.link(*item);
  ep.wake_one();
}

// Called with mtx held.
sim::Task<void> ep_remove(Machine& machine, EventPoll& ep, EpollItem& item) {
  WaitQueue& queue = item.file->ctx->fd_wqh;
  co_await queue.lock.lock();
  queue.remove(item);
  queue.lock.unlock();
  ep.unlink(item);
  ep.items.erase(item);
  machine.epoll_items.release(&item);
}

// What came while the list was looked through; and who else may find something there.
void ep_done_scan(EventPoll& ep) {
  ep.scanning.write(false);
  for (EpollItem& item : ep.items) {
    if (!item.overflow.read()) continue;
    item.overflow.write(false);
    ep.link(item);
  }
  if (!ep.rdllist.empty()) ep.wake_one();
}

// The events of the first file that has some, 0 if none has. It stays on the list, behind the others, unless
// it is edge-triggered.
sim::Task<std::uint8_t> ep_send_events(EventPoll& ep) {
  co_await ep.mtx.lock();
  ep.scanning.write(true);
  std::uint8_t events = 0;
  while (events == 0 && !ep.rdllist.empty()) {
    EpollItem& item = ep.rdllist.front();
    ep.unlink(item);
    events = co_await userfaultfd_poll(*item.file);
    if (events != 0 && item.trigger == EpollTrigger::level) ep.link(item);
  }
  co_await sim::point("ep->lock");
  ep_done_scan(ep);
  ep.mtx.unlock();
  co_return events;
}

bool waits(const EventPoll& ep, const Waiter& wanted) {
  for (const Waiter& waiter : ep.wq) {
    if (&waiter == &wanted) return true;
  }
  return false;
}

// Until somebody wakes this thread, unless there is something already.
sim::Task<void> ep_sleep(EventPoll& ep) {
  Waiter waiter;
  co_await sim::point("ep->lock");
  if (ep.events_available()) co_return;
  sim::set_current_state(sim::RunState::sleeping);
  ep.wq.push_back(waiter);
  co_await sim::schedule("ep_poll");
  sim::set_current_state(sim::RunState::running);
  co_await sim::point("ep->lock");
  if (waits(ep, waiter)) ep.wq.erase(waiter);
}

}  // namespace

sim::Task<Errno> sys_epoll_add(Process& process, EventPoll& ep, int fd, EpollTrigger trigger) {
  co_await sim::point("fdget");
  File* file = fdget(process, fd);
  if (!file) co_return Errno::badf;
  co_await ep.mtx.lock();
  const Errno error = ep.find(*file, fd) ? Errno::exist : Errno::none;
  if (error == Errno::none) co_await ep_insert(*process.machine, ep, *file, fd, trigger);
  ep.mtx.unlock();
  co_await fput(process, *file);
  co_return error;
}

sim::Task<Errno> sys_epoll_del(Process& process, EventPoll& ep, int fd) {
  co_await sim::point("fdget");
  File* file = fdget(process, fd);
  if (!file) co_return Errno::badf;
  co_await ep.mtx.lock();
  EpollItem* item = ep.find(*file, fd);
  if (item) co_await ep_remove(*process.machine, ep, *item);
  ep.mtx.unlock();
  co_await fput(process, *file);
  co_return item ? Errno::none : Errno::noent;
}

sim::Task<std::uint8_t> sys_epoll_wait(EventPoll& ep, PollWait wait) {
  co_await sim::point("ep_events_available");
  bool available = ep.events_available();
  for (;;) {
    if (available) {
      const std::uint8_t events = co_await ep_send_events(ep);
      if (events != 0) co_return events;
    }
    if (wait == PollWait::not_at_all || sim::current_thread().fatal_signal) co_return std::uint8_t{0};
    co_await ep_sleep(ep);
    available = true;
  }
}

sim::Task<void> eventpoll_release(Machine& machine, File& file) {
  for (EventPoll& ep : machine.all_epolls()) {
    co_await ep.mtx.lock();
    for (;;) {
      EpollItem* found = nullptr;
      for (EpollItem& item : ep.items) {
        if (item.file == &file) found = &item;
      }
      if (!found) break;
      co_await ep_remove(machine, ep, *found);
    }
    ep.mtx.unlock();
  }
}

}  // namespace model
