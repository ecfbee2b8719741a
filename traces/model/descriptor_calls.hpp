// SPDX-License-Identifier: Apache-2.0
// Operations that take a name of a userfaultfd and are about its descriptor, performed by the simulated
// kernel as the running thread.
#pragma once
#include "traces/model/world.hpp"

namespace traces {

// Whether a name may stand for another number by now; then there is a point before it is looked up.
inline bool names_change(const ProgramWorld& world) {
  return world.prepared->names == PreparedProgram::Names::change;
}
inline sim::Point name_lookup() { return sim::point("the descriptor's number"); }

// What the operation's userfaultfd stands for in the process of the running thread.
inline sim::Cell<std::int8_t>& descriptor_of(const ProgramWorld& world, const Operation& operation) {
  return world.descriptor(world.process(), operation.uffd);
}

inline model::UserPointer argument_of(const Operation& operation) {
  return operation.argument == Argument::readable ? model::UserPointer::readable
                                                  : model::UserPointer::unreadable;
}

sim::Task<Value> call_userfaultfd(ProgramWorld& world, const Operation& operation);
sim::Task<Value> call_close(ProgramWorld& world, const Operation& operation);
sim::Task<Value> call_dup(ProgramWorld& world, const Operation& operation);
sim::Task<Value> call_receive(ProgramWorld& world, const Operation& operation);
sim::Task<Value> call_poll(ProgramWorld& world, const Operation& operation);
sim::Task<Value> call_epoll_wait(ProgramWorld& world, const Operation& operation);
// setfl, send, epoll_add, epoll_del: those that answer with nothing but an errno.
sim::Task<Value> call_on_descriptor(ProgramWorld& world, const Operation& operation);

// read(2) of an open file; what is read beyond the first message goes to the thread's inbox.
sim::Task<Value> read_file(const ProgramWorld& world, model::File& file, const Operation& operation);
// The first message there.
sim::Task<Value> next_message(ProgramWorld& world);

}  // namespace traces
