// SPDX-License-Identifier: Apache-2.0
// Follows fs/eventpoll.c: ep_poll_callback.
#include "model/uffd/eventpoll.hpp"

namespace model {

EpollItem* EventPoll::find(const File& file, int fd) {
  for (EpollItem& item : items) {
    if (item.file == &file && item.fd == fd) return &item;
  }
  return nullptr;
}

void EventPoll::link(EpollItem& item) {
  if (item.linked.read()) return;
  rdllist.push_back(item);
  item.linked.write(true);
}

void EventPoll::unlink(EpollItem& item) {
  if (!item.linked.read()) return;
  rdllist.erase(item);
  item.linked.write(false);
}

void EventPoll::wake_one() {
  if (wq.empty()) return;
  Waiter& waiter = wq.front();
  sim::wake_up(waiter.thread);
  wq.erase(waiter);
}

void ep_poll_callback(Waiter& waiter) {
  auto& item = static_cast<EpollItem&>(waiter);
  EventPoll& ep = *item.ep;
  if (ep.scanning.read()) {
    item.overflow.write(true);
  } else {
    ep.link(item);
  }
  ep.wake_one();
}

}  // namespace model
