// SPDX-License-Identifier: Apache-2.0
#include "traces/kernel/descriptor_calls.hpp"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstring>

#include "traces/kernel/system_call.hpp"
#include "traces/kernel/uffd_calls.hpp"

namespace traces {
namespace {

int epoll_number(const Call& call) { return kFirstEpoll + call.epoll; }
int sending_end(const Call& call) { return kFirstSocket + 2 * call.socket; }
int receiving_end(const Call& call) { return sending_end(call) + 1; }

model::Errno move_to(int first, int number) {
  const model::Errno error = outcome(dup3(first, number, O_CLOEXEC));
  close(first);
  return error;
}

Value make_epoll(const Call& call) {
  const int first = epoll_create1(EPOLL_CLOEXEC);
  if (first < 0) return Value::of(outcome(first));
  return Value::of(move_to(first, epoll_number(call)));
}

Value make_socket(const Call& call) {
  std::array<int, 2> ends = {};
  const int made = socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data());
  if (made < 0) return Value::of(outcome(made));
  const model::Errno first = move_to(ends[0], sending_end(call));
  const model::Errno second = move_to(ends[1], receiving_end(call));
  return Value::of(first == model::Errno::none ? second : first);
}

// A message of one byte, with room for one descriptor beside it.
struct Packet {
  char byte = 0;
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control = {};
  iovec data{&byte, 1};
  msghdr header{};

  Packet() {
    header.msg_iov = &data;
    header.msg_iovlen = 1;
    header.msg_control = control.data();
    header.msg_controllen = control.size();
  }
};

}  // namespace

Value call_dup(const Call& call, Descriptors& descriptors) {
  const int copy = fcntl(descriptors[call.uffd], F_DUPFD_CLOEXEC, kFirstUffd);
  if (copy >= 0) descriptors[call.opens] = copy;
  return Value::of(outcome(copy));
}

Value call_setfl(const Call& call, int descriptor) {
  return Value::of(outcome(fcntl(descriptor, F_SETFL, call.flags)));
}

Value call_epoll_add(const Call& call, int descriptor) {
  epoll_event wanted = {.events = EPOLLIN, .data = {}};
  if (call.trigger == Trigger::edge) wanted.events |= EPOLLET;
  return Value::of(outcome(epoll_ctl(epoll_number(call), EPOLL_CTL_ADD, descriptor, &wanted)));
}

Value call_epoll_del(const Call& call, int descriptor) {
  return Value::of(outcome(epoll_ctl(epoll_number(call), EPOLL_CTL_DEL, descriptor, nullptr)));
}

Value call_epoll_wait(const Call& call) {
  if (call.extent == Call::Extent::creation) return make_epoll(call);
  epoll_event event = {};
  const int ready = epoll_wait(epoll_number(call), &event, 1, call.wait == Wait::forever ? -1 : 0);
  if (ready < 0) return Value::of(outcome(ready));
  return {.kind = ValueKind::events, .small = static_cast<std::uint8_t>(event.events)};
}

Value call_send(const Call& call, int descriptor) {
  Packet packet;
  cmsghdr* const rights = CMSG_FIRSTHDR(&packet.header);
  rights->cmsg_level = SOL_SOCKET;
  rights->cmsg_type = SCM_RIGHTS;
  rights->cmsg_len = CMSG_LEN(sizeof descriptor);
  std::memcpy(CMSG_DATA(rights), &descriptor, sizeof descriptor);
  return Value::of(outcome(sendmsg(sending_end(call), &packet.header, MSG_NOSIGNAL)));
}

// A message whose descriptor found no room comes without it.
Value call_receive(const Call& call, Descriptors& descriptors) {
  if (call.extent == Call::Extent::creation) return make_socket(call);
  Packet packet;
  const ssize_t got = recvmsg(receiving_end(call), &packet.header, MSG_CMSG_CLOEXEC);
  if (got < 0) return Value::of(outcome(got));
  const cmsghdr* const rights = CMSG_FIRSTHDR(&packet.header);
  if (rights == nullptr) return Value::of(model::Errno::mfile);
  int descriptor = -1;
  std::memcpy(&descriptor, CMSG_DATA(rights), sizeof descriptor);
  return Value::of(keep(descriptor, descriptors[call.opens]));
}

}  // namespace traces
