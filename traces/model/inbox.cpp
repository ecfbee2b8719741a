// SPDX-License-Identifier: Apache-2.0
#include "traces/model/inbox.hpp"

#include <algorithm>
#include <variant>

#include "sim/footprint.hpp"

namespace traces {
namespace {

// How many messages the reads of a body take at most, if any takes several.
std::uint8_t inbox_room(const Block& body) {
  std::uint64_t room = 0;
  for (const Statement& statement : body) {
    if (const auto* perform = std::get_if<Perform>(&statement.what)) {
      const Operation& operation = perform->operation;
      if (operation.kind == OperationKind::read)
        room = std::max(room, operation.room / Operation::kOneMessage);
    } else if (const auto* branch = std::get_if<If>(&statement.what)) {
      room = std::max<std::uint64_t>({room, inbox_room(branch->then), inbox_room(branch->otherwise)});
    } else {
      room = std::max<std::uint64_t>(room, inbox_room(std::get<RepeatUntil>(statement.what).body));
    }
  }
  return room > 1 ? static_cast<std::uint8_t>(room) : std::uint8_t{0};
}

}  // namespace

void Inbox::forget() {
  sim::touch(this, sizeof *this, sim::Access::write);
  sim::touch(messages, count * sizeof *messages, sim::Access::write);
  std::fill_n(messages, count, model::Message{});
  count = next = 0;
}

// A body that is empty is driven: what it reads is not known yet.
void make_inboxes(Inbox* inboxes, const std::vector<ThreadProgram>& threads, sim::Arena& arena) {
  constexpr std::uint8_t kOfOperationsToCome = Operation::kMostRoom / Operation::kOneMessage;
  for (std::size_t i = 0; i < threads.size(); ++i) {
    Inbox& inbox = inboxes[i];
    inbox.room = threads[i].body.empty() ? kOfOperationsToCome : inbox_room(threads[i].body);
    const std::size_t bytes = inbox.room * sizeof(model::Message);
    inbox.messages = static_cast<model::Message*>(arena.allocate(bytes, alignof(model::Message)));
    for (std::size_t m = 0; m < inbox.room; ++m) new (inbox.messages + m) model::Message;
  }
}

}  // namespace traces
