// SPDX-License-Identifier: Apache-2.0
// EventPoll: an epoll instance, and the files that it watches (struct eventpoll, struct epitem).
//
// An item stands on the queue of its file's context, like a poller. A wake-up there puts it on the list of
// those that may be ready, and wakes one thread that waits; that thread asks the file itself what there is.
//
// Simplified: what ep->lock guards is one step each, behind the point of its acquisition; the wake-up of an
// item is part of the step that wakes the queue. An instance lives as long as the machine.
#pragma once
#include "model/uffd/file.hpp"
#include "model/uffd/wait_queue.hpp"

namespace model {

struct EventPoll;

enum class EpollTrigger : std::uint8_t { level, edge };  // edge: EPOLLET

struct EpollItem : Waiter {
  EventPoll* ep = nullptr;
  File* file = nullptr;  // without a reference: the file takes its items along when it is released
  int fd = -1;           // with which it was added
  EpollTrigger trigger = EpollTrigger::level;
  sim::Cell<bool> linked;    // on rdllist
  sim::Cell<bool> overflow;  // woken while somebody looks through the list
  ListHook item_link;
  ListHook rdllink;
};

struct EventPoll {
  sim::Lock mtx{locks::kEpoll};
  List<EpollItem, &EpollItem::item_link> items;
  List<EpollItem, &EpollItem::rdllink> rdllist;  // perhaps ready
  List<Waiter, &Waiter::link> wq;                // threads in epoll_wait, woken one at a time
  sim::Cell<bool> scanning;                      // somebody looks through rdllist

  bool events_available() const { return scanning.read() || !rdllist.empty(); }
  EpollItem* find(const File& file, int fd);
  void link(EpollItem& item);
  void unlink(EpollItem& item);
  void wake_one();
};

}  // namespace model

template <>
inline constexpr bool sim::dropped_with_its_world<model::EpollItem> = true;
