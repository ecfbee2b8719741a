// SPDX-License-Identifier: Apache-2.0
#include "traces/model/descriptor_calls.hpp"

#include "model/syscalls/syscalls.hpp"

namespace traces {
namespace {

using model::Errno;

model::PollWait poll_wait(const Operation& operation) {
  return operation.wait == Wait::forever ? model::PollWait::forever : model::PollWait::not_at_all;
}

// The name under which a descriptor is known from now on.
Value name_it(const ProgramWorld& world, const Operation& operation, const model::Result<int>& fd) {
  if (!fd) return Value::of(fd.error());
  world.descriptor(world.process(), operation.opens).write(static_cast<std::int8_t>(*fd));
  return Value::ok();
}

}  // namespace

sim::Task<Value> call_userfaultfd(ProgramWorld& world, const Operation& operation) {
  const model::Door door = operation.door == Door::device ? model::Door::device : model::Door::system_call;
  const model::Result<int> fd = co_await model::sys_userfaultfd(world.process(), operation.flags, door);
  if (!fd) co_return Value::of(fd.error());
  descriptor_of(world, operation).write(static_cast<std::int8_t>(*fd));
  co_return Value::ok();
}

sim::Task<Value> call_close(ProgramWorld& world, const Operation& operation) {
  sim::Cell<std::int8_t>& descriptor = descriptor_of(world, operation);
  if (names_change(world)) co_await name_lookup();
  const std::int8_t fd = descriptor.read();
  const Errno error = co_await model::sys_close(world.process(), fd);
  // Unless another thread has opened the name anew meanwhile.
  const bool still = error == Errno::none && descriptor.read() == fd;
  if (still) descriptor.write(ProgramWorld::kNoDescriptor);
  co_return Value::of(error);
}

sim::Task<Value> call_dup(ProgramWorld& world, const Operation& operation) {
  if (names_change(world)) co_await name_lookup();
  const int fd = descriptor_of(world, operation).read();
  const model::Result<int> copy = co_await model::sys_dup(world.process(), fd);
  co_return name_it(world, operation, copy);
}

sim::Task<Value> call_receive(ProgramWorld& world, const Operation& operation) {
  model::UnixSocket& socket = world.machine->sockets[operation.socket];
  const model::Result<int> fd = co_await model::sys_receive_fd(world.process(), socket);
  co_return name_it(world, operation, fd);
}

sim::Task<Value> call_epoll_wait(ProgramWorld& world, const Operation& operation) {
  model::EventPoll& ep = world.machine->epolls[operation.epoll];
  const std::uint8_t events = co_await model::sys_epoll_wait(ep, poll_wait(operation));
  co_return Value{.kind = ValueKind::events, .small = events};
}

sim::Task<Value> call_on_descriptor(ProgramWorld& world, const Operation& operation) {
  model::Process& process = world.process();
  if (names_change(world)) co_await name_lookup();
  const int fd = descriptor_of(world, operation).read();
  Errno error = Errno::none;
  if (operation.kind == OperationKind::setfl) {
    error = co_await model::sys_fcntl_setfl(process, fd, operation.flags);
  } else if (operation.kind == OperationKind::send) {
    error = co_await model::sys_send_fd(process, world.machine->sockets[operation.socket], fd);
  } else if (operation.kind == OperationKind::epoll_add) {
    const bool edge = operation.trigger == Trigger::edge;
    const model::EpollTrigger trigger = edge ? model::EpollTrigger::edge : model::EpollTrigger::level;
    error = co_await model::sys_epoll_add(process, world.machine->epolls[operation.epoll], fd, trigger);
  } else {
    error = co_await model::sys_epoll_del(process, world.machine->epolls[operation.epoll], fd);
  }
  co_return Value::of(error);
}

sim::Task<Value> call_poll(ProgramWorld& world, const Operation& operation) {
  if (names_change(world)) co_await name_lookup();
  const int fd = descriptor_of(world, operation).read();
  const std::uint8_t events = co_await model::sys_poll(world.process(), fd, poll_wait(operation));
  co_return Value{.kind = ValueKind::events, .small = events};
}

}  // namespace traces
