// SPDX-License-Identifier: Apache-2.0
// Operations, performed by the simulated kernel.
#include <csignal>

#include "model/fault/access.hpp"
#include "model/syscalls/syscalls.hpp"
#include "model/uffd/read.hpp"
#include "traces/model/world.hpp"

namespace traces {
namespace {

using model::Access;
using model::Errno;
using model::Mode;

Value value_of(const model::IoctlReply& reply) {
  return {.kind = ValueKind::errnum,
          .error = reply.error,
          .field_state = reply.field_state == model::FieldState::written ? FieldState::written : FieldState::untouched,
          .field = reply.field};
}

// A touch by the program itself is refused with a signal, one by the kernel for it with EFAULT.
Value value_of(const model::Touched& touched, Access access, Mode mode) {
  switch (touched.how) {
    case model::Touched::How::done: return access == Access::read ? Value::letter(touched.content) : Value::ok();
    case model::Touched::How::killed: return {};
    case model::Touched::How::sigbus: return mode == Mode::user ? Value::signal(SIGBUS) : Value::of(Errno::fault);
    case model::Touched::How::sigsegv: break;
  }
  return mode == Mode::user ? Value::signal(SIGSEGV) : Value::of(Errno::fault);
}

Value value_of(const model::ReadReply& reply) {
  if (reply.error != Errno::none) return Value::of(reply.error);
  return {.kind = ValueKind::message,
          .event = reply.message.event,
          .flags = reply.message.flags,
          .thread = reply.message.thread,
          .start = reply.message.start.value,
          .end = reply.message.end.value};
}

sim::Task<Value> touch(ProgramWorld& world, model::VirtAddr address, const Operation& operation) {
  const bool reads = operation.kind == OperationKind::load || operation.kind == OperationKind::copy_from_user;
  const bool user = operation.kind == OperationKind::load || operation.kind == OperationKind::store;
  const Access access = reads ? Access::read : Access::write;
  const Mode mode = user ? Mode::user : Mode::kernel;
  const char content = operation.contents.empty() ? '\0' : operation.contents[0];
  const model::Touched touched = co_await model::touch_memory(world.process->mm, address, access, mode, content);
  co_return value_of(touched, access, mode);
}

sim::Task<Value> memory_call(ProgramWorld& world, const Layout::Resolved& range, const Operation& operation) {
  model::Process& process = *world.process;
  Errno error = Errno::none;
  switch (operation.kind) {
    case OperationKind::mmap: {
      const model::Result<model::VirtAddr> at = co_await model::sys_mmap(
          process, range.start, range.length, operation.protection, model::MapPlacement::fixed);
      if (!at) error = at.error();
      break;
    }
    case OperationKind::munmap: error = co_await model::sys_munmap(process, range.start, range.length); break;
    case OperationKind::mprotect:
      error = co_await model::sys_mprotect(process, range.start, range.length, operation.protection);
      break;
    default: error = co_await model::sys_madvise_dontneed(process, range.start, range.length); break;
  }
  co_return Value::of(error);
}

// The ioctls, read and poll: everything that needs an open descriptor.
sim::Task<Value> use_context(ProgramWorld& world, model::UserfaultfdCtx& ctx, const Layout::Resolved& range,
                             const Operation& operation) {
  const model::UserPointer argument =
      operation.argument == Argument::readable ? model::UserPointer::readable : model::UserPointer::unreadable;
  const model::RangeRequest request{range.start, range.length, operation.mode, argument};
  model::IoctlReply reply;
  switch (operation.kind) {
    case OperationKind::api:
      reply = co_await model::userfaultfd_api(
          ctx, {operation.api, operation.features, argument, world.process->capability});
      break;
    case OperationKind::register_: reply = co_await model::userfaultfd_register(ctx, request); break;
    case OperationKind::unregister: reply = co_await model::userfaultfd_unregister(ctx, request); break;
    case OperationKind::zeropage: reply = co_await model::userfaultfd_zeropage(ctx, request); break;
    case OperationKind::wake: reply = co_await model::userfaultfd_wake(ctx, request); break;
    case OperationKind::copy: {
      model::CopySource source{.letters = operation.contents.data(),
                               .count = static_cast<std::uint32_t>(operation.contents.size()),
                               .start = {}};
      if (operation.has_source) {
        source.kind = model::CopySource::Kind::memory;
        source.start = world.prepared->layout.resolve(operation.source, Value{}).start;
      }
      reply = co_await model::userfaultfd_copy(ctx, world.process->mm, request, source);
      break;
    }
    case OperationKind::read: {
      const model::ReadReply read = co_await model::userfaultfd_read(ctx);
      co_return value_of(read);
    }
    case OperationKind::poll: {
      const model::PollWait wait =
          operation.wait == Wait::forever ? model::PollWait::forever : model::PollWait::not_at_all;
      const std::uint8_t events = co_await model::userfaultfd_poll(ctx, wait);
      co_return Value{.kind = ValueKind::events, .small = events};
    }
    default: {
      const model::FdInfo info = co_await model::userfaultfd_show_fdinfo(ctx);
      co_return Value{.kind = ValueKind::counts, .start = info.pending, .end = info.total};
    }
  }
  Value value = value_of(reply);
  const bool has_field = operation.kind != OperationKind::unregister && operation.kind != OperationKind::wake;
  if (!has_field) value.field_state = FieldState::none;
  co_return value;
}

sim::Task<Value> use_descriptor(ProgramWorld& world, const Layout::Resolved& range, const Operation& operation) {
  model::Process& process = *world.process;
  model::File* file = model::fdget(process, operation.uffd);
  if (!file) co_return Value::of(Errno::badf);
  const Value value = co_await use_context(world, *file->ctx, range, operation);
  co_await model::fput(process, *file);
  co_return value;
}

sim::Task<Value> synchronise(ProgramWorld& world, const Operation& operation) {
  if (operation.kind == OperationKind::lock) {
    co_await world.mutexes[operation.mutex].lock();
    co_return Value::ok();
  }
  if (operation.kind == OperationKind::unlock) {
    co_await sim::point("unlock");
    const bool held = world.mutexes[operation.mutex].unlock();
    co_return Value::of(held ? Errno::none : Errno::perm);
  }
  sim::Cell<std::uint64_t>& variable = world.variables[operation.variable];
  co_await sim::point("shared variable");
  if (operation.kind == OperationKind::get) co_return Value::number(variable.read());
  variable.write(operation.number);
  co_return Value::ok();
}

// What /proc tells of one page.
sim::Task<Value> look(ProgramWorld& world, model::VirtAddr address, const Operation& operation) {
  model::Mm& mm = world.process->mm;
  co_await mm.mmap_lock.read_lock();
  model::Vma* vma = mm.vmas.vma_lookup(address);
  Value value{.kind = ValueKind::page};
  if (operation.kind == OperationKind::pagemap) {
    PageState state = PageState::unmapped;
    if (vma) state = mm.page_tables.walk(address).pte_none() ? PageState::missing : PageState::present;
    value.small = static_cast<std::uint8_t>(state);
  } else {
    value.kind = ValueKind::mapping;
    std::uint8_t bits = 0;
    if (vma) {
      bits = vma_state::kMapped;
      if (vma->flags() & model::VM_READ) bits |= vma_state::kRead;
      if (vma->flags() & model::VM_WRITE) bits |= vma_state::kWrite;
      if (vma->userfaultfd_missing()) bits |= vma_state::kUffdMissing;
    }
    value.small = bits;
  }
  mm.mmap_lock.read_unlock();
  co_return value;
}

}  // namespace

sim::Task<Value> perform(ProgramWorld& world, const Operation& operation, const Value& message) {
  const Layout::Resolved range = world.prepared->layout.resolve(operation.range, message);
  Value value;
  switch (operation.kind) {
    case OperationKind::load:
    case OperationKind::store:
    case OperationKind::copy_from_user:
    case OperationKind::copy_to_user: value = co_await touch(world, range.start, operation); break;
    case OperationKind::mmap:
    case OperationKind::munmap:
    case OperationKind::mprotect:
    case OperationKind::dontneed: value = co_await memory_call(world, range, operation); break;
    case OperationKind::exit: co_await model::sys_exit_group(*world.process); break;
    case OperationKind::userfaultfd: {
      const Errno error = co_await model::sys_userfaultfd(*world.process, operation.uffd, operation.flags);
      value = Value::of(error);
      break;
    }
    case OperationKind::close: {
      const Errno error = co_await model::sys_close(*world.process, operation.uffd);
      value = Value::of(error);
      break;
    }
    case OperationKind::api:
    case OperationKind::register_:
    case OperationKind::unregister:
    case OperationKind::copy:
    case OperationKind::zeropage:
    case OperationKind::wake:
    case OperationKind::read:
    case OperationKind::poll:
    case OperationKind::fdinfo: value = co_await use_descriptor(world, range, operation); break;
    case OperationKind::lock:
    case OperationKind::unlock:
    case OperationKind::get:
    case OperationKind::set: value = co_await synchronise(world, operation); break;
    case OperationKind::pagemap:
    case OperationKind::vma: value = co_await look(world, range.start, operation); break;
  }
  co_return value;
}

}  // namespace traces
