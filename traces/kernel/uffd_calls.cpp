// SPDX-License-Identifier: Apache-2.0
#include "traces/kernel/uffd_calls.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "model/uffd/abi.hpp"
#include "traces/kernel/availability.hpp"
#include "traces/kernel/system_call.hpp"

namespace traces {
namespace {

// No kernel writes this: neither a count of bytes, nor a negative errno, nor a mask.
constexpr std::int64_t kSentinel = 0x5eed'5eed'5eed'5eed;

template <class Argument_>
model::Errno request(int descriptor, unsigned long number, Argument_& argument, Argument kind) {
  void* pointer = kind == Argument::readable ? &argument : unreadable_page();
  return outcome(ioctl(descriptor, number, pointer));
}

Value with_field(model::Errno error, std::int64_t field, std::int64_t written_value) {
  return field == kSentinel ? Value::untouched(error) : Value::with_field(error, written_value);
}

}  // namespace

model::Errno keep(int first, std::atomic<int>& name) {
  const int descriptor = fcntl(first, F_DUPFD_CLOEXEC, kFirstUffd);
  const model::Errno duplicated = outcome(descriptor);
  close(first);
  if (duplicated == model::Errno::none) name = descriptor;
  return duplicated;
}

void* unreadable_page() {
  static void* const page = mmap(nullptr, model::kPageSize, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return page;
}

Value call_userfaultfd(const Call& call, Privilege privilege, Descriptors& descriptors) {
  UffdDoor door = privilege == Privilege::root ? UffdDoor::either : UffdDoor::system_call;
  if (call.door == Door::device) door = UffdDoor::device;
  const int first = open_userfaultfd(call.flags, door);
  if (first < 0) return Value::of(outcome(first));
  return Value::of(keep(first, descriptors[call.uffd]));
}

Value call_api(const Call& call, int descriptor) {
  uffdio_api api = {.api = call.api, .features = call.features, .ioctls = static_cast<__u64>(kSentinel)};
  const model::Errno error = request(descriptor, UFFDIO_API, api, call.argument);
  return with_field(error, static_cast<std::int64_t>(api.ioctls), static_cast<std::int64_t>(api.features));
}

Value call_register(const Call& call, int descriptor) {
  uffdio_register arguments = {.range = {.start = call.range.start, .len = call.range.length},
                               .mode = call.mode,
                               .ioctls = static_cast<__u64>(kSentinel)};
  const model::Errno error = request(descriptor, UFFDIO_REGISTER, arguments, call.argument);
  const auto field = static_cast<std::int64_t>(arguments.ioctls);
  return with_field(error, field, field);
}

Value call_unregister(const Call& call, int descriptor) {
  uffdio_range range = {.start = call.range.start, .len = call.range.length};
  return Value::of(request(descriptor, UFFDIO_UNREGISTER, range, call.argument));
}

Value call_copy(const Call& call, int descriptor, std::uint64_t source) {
  uffdio_copy copy = {
      .dst = call.range.start, .src = source, .len = call.range.length, .mode = call.mode, .copy = kSentinel};
  const model::Errno error = request(descriptor, UFFDIO_COPY, copy, call.argument);
  return with_field(error, copy.copy, copy.copy);
}

Value call_zeropage(const Call& call, int descriptor) {
  uffdio_zeropage zero = {.range = {.start = call.range.start, .len = call.range.length},
                          .mode = call.mode,
                          .zeropage = kSentinel};
  const model::Errno error = request(descriptor, UFFDIO_ZEROPAGE, zero, call.argument);
  return with_field(error, zero.zeropage, zero.zeropage);
}

Value call_writeprotect(const Call& call, int descriptor) {
  uffdio_writeprotect arguments = {.range = {.start = call.range.start, .len = call.range.length},
                                   .mode = call.mode};
  return Value::of(request(descriptor, UFFDIO_WRITEPROTECT, arguments, call.argument));
}

Value call_rwprotect(const Call& call, int descriptor) {
  model::abi::RwprotectArgument arguments = {.range = {.start = call.range.start, .len = call.range.length},
                                             .mode = call.mode};
  return Value::of(request(descriptor, model::abi::kRwprotectRequest, arguments, call.argument));
}

Value call_set_mode(const Call& call, int descriptor) {
  model::abi::SetModeArgument arguments = {.enable = call.features, .disable = call.disabled};
  return Value::of(request(descriptor, model::abi::kSetModeRequest, arguments, call.argument));
}

Value call_poison(const Call& call, int descriptor) {
  model::abi::PoisonArgument poison = {.range = {.start = call.range.start, .len = call.range.length},
                                       .mode = call.mode,
                                       .updated = kSentinel};
  const model::Errno error = request(descriptor, model::abi::kPoisonRequest, poison, call.argument);
  return with_field(error, poison.updated, poison.updated);
}

Value call_continue(const Call& call, int descriptor) {
  uffdio_continue arguments = {
      .range = {.start = call.range.start, .len = call.range.length}, .mode = call.mode, .mapped = kSentinel};
  const model::Errno error = request(descriptor, UFFDIO_CONTINUE, arguments, call.argument);
  return with_field(error, arguments.mapped, arguments.mapped);
}

Value call_move(const Call& call, int descriptor) {
  model::abi::MoveArgument move = {.dst = call.range.start,
                                   .src = call.source,
                                   .len = call.range.length,
                                   .mode = call.mode,
                                   .move = kSentinel};
  const model::Errno error = request(descriptor, model::abi::kMoveRequest, move, call.argument);
  return with_field(error, move.move, move.move);
}

Value call_wake(const Call& call, int descriptor) {
  uffdio_range range = {.start = call.range.start, .len = call.range.length};
  return Value::of(request(descriptor, UFFDIO_WAKE, range, call.argument));
}

Value to_value(const uffd_msg& message, const Board& board) {
  Value value{.kind = ValueKind::message, .event = message.event};
  if (message.event == UFFD_EVENT_FORK) return value;
  if (message.event == UFFD_EVENT_REMAP) {
    const model::VirtAddr to = window::to_program(message.arg.remap.to);
    value.start = window::to_program(message.arg.remap.from).value;
    value.end = (to.value < board.address_space ? to : Layout::kElsewhere).value;
    value.field = static_cast<std::int64_t>(message.arg.remap.len);
    return value;
  }
  if (message.event != UFFD_EVENT_PAGEFAULT) {
    value.start = window::to_program(message.arg.remove.start).value;
    value.end = window::to_program(message.arg.remove.end).value;
    return value;
  }
  value.flags = static_cast<std::uint8_t>(message.arg.pagefault.flags);
  value.start = window::to_program(message.arg.pagefault.address).value;
  const auto tid = static_cast<int>(message.arg.pagefault.feat.ptid);
  if (tid == 0) return value;
  for (std::size_t i = 0; i < kMaxThreads; ++i) {
    if (board.threads[i].tid == tid) value.thread = static_cast<std::int8_t>(i);
  }
  return value;
}

Value call_read(const Call& call, const Board& board, Descriptors& descriptors, LeftMessages& left) {
  left = {};
  std::array<uffd_msg, Operation::kMostRoom / Operation::kOneMessage> messages = {};
  const bool readable = call.argument == Argument::readable;
  void* const buffer = readable ? messages.data() : unreadable_page();
  const ssize_t got = read(descriptors[call.uffd], buffer, std::min<std::size_t>(call.room, sizeof messages));
  if (got <= 0) return Value::of(outcome(got));
  bool opens = call.opens != Operation::kOpensNothing;
  for (std::size_t i = 0; i < static_cast<std::size_t>(got) / sizeof(uffd_msg); ++i) {
    left.values.push_back(to_value(messages[i], board));
    if (messages[i].event != UFFD_EVENT_FORK || !opens) continue;
    keep(static_cast<int>(messages[i].arg.fork.ufd), descriptors[call.opens]);
    opens = false;
  }
  return take_next(left);
}

Value take_next(LeftMessages& left) {
  if (left.next >= left.values.size()) return Value::of(model::Errno::nomsg);
  return left.values[left.next++];
}

Value call_poll(const Call& call, int descriptor) {
  pollfd wanted = {.fd = descriptor, .events = POLLIN, .revents = 0};
  const int ready = poll(&wanted, 1, call.wait == Wait::forever ? -1 : 0);
  if (ready < 0) return Value::of(outcome(ready));
  return {.kind = ValueKind::events, .small = static_cast<std::uint8_t>(wanted.revents)};
}

Value call_close(const Call& call, Descriptors& descriptors) {
  int descriptor = descriptors[call.uffd];
  const model::Errno error = outcome(close(descriptor));
  // Unless another thread has opened the variable anew meanwhile.
  if (error == model::Errno::none) descriptors[call.uffd].compare_exchange_strong(descriptor, kNoDescriptor);
  return Value::of(error);
}

}  // namespace traces
