// SPDX-License-Identifier: Apache-2.0
#include "model/uffd/read.hpp"
#include "traces/model/descriptor_calls.hpp"

namespace traces {
namespace {

using model::Errno;

Value value_of(const ProgramWorld& world, const model::Message& message) {
  const bool moved = message.event == UFFD_EVENT_REMAP;
  const model::VirtAddr end = moved ? world.prepared->layout.moved_to(message.end) : message.end;
  return {.kind = ValueKind::message,
          .event = message.event,
          .flags = message.flags,
          .thread = message.thread,
          .field = static_cast<std::int64_t>(message.length),
          .start = message.start.value,
          .end = end.value};
}

// Names the descriptor that came with the first FORK.
void name_opened(const ProgramWorld& world, const Operation& operation, const model::Message& message) {
  if (message.fd < 0 || operation.opens == Operation::kOpensNothing) return;
  world.descriptor(world.process(), operation.opens).write(message.fd);
}

sim::Task<Value> read_one(const ProgramWorld& world, model::File& file, const Operation& operation) {
  model::Message message;
  const model::ReadBuffer buffer{&message, operation.room, argument_of(operation)};
  const model::ReadReply reply = co_await model::userfaultfd_read(file, world.process(), buffer);
  if (reply.error != Errno::none) co_return Value::of(reply.error);
  name_opened(world, operation, message);
  co_return value_of(world, message);
}

Inbox& inbox_of_this_thread(const ProgramWorld& world) { return world.inboxes[sim::current.thread]; }

sim::Task<Value> read_several(const ProgramWorld& world, model::File& file, const Operation& operation) {
  Inbox& inbox = inbox_of_this_thread(world);
  inbox.forget();
  const model::ReadBuffer buffer{inbox.messages, operation.room, argument_of(operation)};
  const model::ReadReply reply = co_await model::userfaultfd_read(file, world.process(), buffer);
  if (reply.error != Errno::none) co_return Value::of(reply.error);
  sim::touch(&inbox, sizeof inbox, sim::Access::write);
  inbox.count = static_cast<std::uint8_t>(reply.count);
  inbox.next = 1;
  std::uint8_t fork = 0;
  while (fork + 1 < inbox.count && inbox.messages[fork].fd < 0) ++fork;
  name_opened(world, operation, inbox.messages[fork]);
  co_return value_of(world, inbox.messages[0]);
}

}  // namespace

// The buffer belongs to the thread: nobody else looks at it.
sim::Task<Value> next_message(ProgramWorld& world) {
  co_await sim::point("the next message");
  Inbox& inbox = inbox_of_this_thread(world);
  if (inbox.next >= inbox.count) co_return Value::of(Errno::nomsg);
  sim::touch(&inbox, sizeof inbox, sim::Access::write);
  co_return value_of(world, inbox.messages[inbox.next++]);
}

sim::Task<Value> read_file(const ProgramWorld& world, model::File& file, const Operation& operation) {
  if (inbox_of_this_thread(world).room > 0) return read_several(world, file, operation);
  return read_one(world, file, operation);
}

}  // namespace traces
