// SPDX-License-Identifier: Apache-2.0
// Operations, performed by the simulated kernel.
#include <sys/mman.h>

#include <csignal>

#include "model/fault/access.hpp"
#include "model/syscalls/syscalls.hpp"
#include "model/uffd/read.hpp"
#include "traces/model/descriptor_calls.hpp"
#include "traces/model/world.hpp"

namespace traces {
namespace {

using model::Access;
using model::Errno;
using model::Mode;

Value value_of(const model::IoctlReply& reply) {
  return {.kind = ValueKind::errnum,
          .error = reply.error,
          .field_state =
              reply.field_state == model::FieldState::written ? FieldState::written : FieldState::untouched,
          .field = reply.field};
}

// A touch by the program itself is refused with a signal, one by the kernel for it with EFAULT.
Value value_of(const model::Touched& touched, Access access, Mode mode) {
  switch (touched.how) {
    case model::Touched::How::done:
      return access == Access::read ? Value::letter(touched.content) : Value::ok();
    case model::Touched::How::killed:
      return {};
    case model::Touched::How::sigbus:
      return mode == Mode::user ? Value::signal(SIGBUS) : Value::of(Errno::fault);
    case model::Touched::How::sigsegv:
      break;
  }
  return mode == Mode::user ? Value::signal(SIGSEGV) : Value::of(Errno::fault);
}

sim::Task<Value> touch(ProgramWorld& world, model::VirtAddr address, const Operation& operation) {
  const bool reads = operation.kind == OperationKind::load || operation.kind == OperationKind::copy_from_user;
  const bool user = operation.kind == OperationKind::load || operation.kind == OperationKind::store;
  const Access access = reads ? Access::read : Access::write;
  const Mode mode = user ? Mode::user : Mode::kernel;
  const char content = operation.contents.empty() ? '\0' : operation.contents[0];
  const model::Touched touched =
      co_await model::touch_memory(world.process().mm, address, access, mode, content);
  co_return value_of(touched, access, mode);
}

// --- Memory system calls.

sim::Task<Value> call_mmap(model::Process& process, Layout::Resolved range, const Operation& operation) {
  const Backing& backing = operation.backing;
  const bool reserves = backing.reserve == Backing::Reserve::yes;
  const model::MapObject object{
      .sharing = backing.shared() ? model::Sharing::shared : model::Sharing::private_,
      .memfd = backing.has_file ? backing.file : model::MapObject::kAnonymous,
      .first = backing.page,
      .page_size = backing.page_size,
      .reserve = reserves ? model::MapObject::Reserve::yes : model::MapObject::Reserve::no};
  const model::Result<model::VirtAddr> at = co_await model::sys_mmap(
      process, range.start, range.length, operation.protection, model::MapPlacement::fixed, object);
  co_return at ? Value::ok() : Value::of(at.error());
}

sim::Task<Value> call_munmap(model::Process& process, Layout::Resolved range) {
  const Errno error = co_await model::sys_munmap(process, range.start, range.length);
  co_return Value::of(error);
}

sim::Task<Value> call_mprotect(model::Process& process, Layout::Resolved range, std::uint8_t protection) {
  const Errno error = co_await model::sys_mprotect(process, range.start, range.length, protection);
  co_return Value::of(error);
}

sim::Task<Value> call_on_file(model::Process& process, Layout::Resolved range, const Operation& operation) {
  const int file = operation.range.index;
  const std::uint64_t first = range.start.page_number();
  const std::uint64_t pages = range.length / model::kPageSize;
  Errno error = Errno::none;
  if (operation.kind == OperationKind::truncate) {
    error = co_await model::sys_ftruncate(process, file, operation.number);
  } else if (operation.kind == OperationKind::punch) {
    error = co_await model::sys_fallocate_punch(process, file, first, pages);
  } else {
    const model::CopySource letters{.letters = operation.contents.data(),
                                    .count = static_cast<std::uint32_t>(operation.contents.size())};
    error = co_await model::sys_pwrite(process, file, first, pages, letters);
  }
  co_return Value::of(error);
}

sim::Task<Value> call_madvise(model::Process& process, Layout::Resolved range, std::uint64_t advice) {
  const Errno error = co_await model::sys_madvise(process, range.start, range.length, advice);
  co_return Value::of(error);
}

sim::Task<Value> call_mremap(ProgramWorld& world, Layout::Resolved range, const Operation& operation) {
  const Layout::Resolved target = world.prepared->layout.resolve(operation.target, Value{});
  model::MremapRequest request{.old_address = range.start,
                               .old_length = range.length,
                               .new_length = target.length,
                               .flags = operation.flags};
  if (operation.has_target) request.new_address = target.start;
  const model::Result<model::VirtAddr> at = co_await model::sys_mremap(world.process(), request);
  co_return at ? Value::ok() : Value::of(at.error());
}

sim::Task<Value> call_exit(model::Process& process) {
  co_await model::sys_exit_group(process);
  co_return Value{};
}

// --- Processes.

sim::Task<Value> call_fork(ProgramWorld& world, const Operation& operation) {
  model::Process& parent = world.process();
  model::Process& child = world.process_of(static_cast<sim::ThreadId>(operation.child));
  for (std::size_t i = 0; i < world.prepared->program.uffds.size(); ++i) {
    world.descriptor(child, i).write(world.descriptor(parent, i).read());
  }
  const Errno error = co_await model::sys_fork(parent, child);
  if (error == Errno::none && world.threads) {
    bool& born = world.threads[operation.child].born;
    sim::touch(&born, sizeof born, sim::Access::write);
    born = true;
  }
  co_return Value::of(error);
}

// --- What needs an open descriptor: the ioctls, read, poll, fdinfo.

model::CopySource source_of(const ProgramWorld& world, model::VirtAddr start, const Operation& operation) {
  model::CopySource source{.letters = operation.contents.data(),
                           .count = static_cast<std::uint32_t>(operation.contents.size()),
                           .letter_for = world.prepared->layout.page_size_at(start)};
  if (operation.has_source) {
    source.kind = model::CopySource::Kind::memory;
    source.start = world.prepared->layout.resolve(operation.source, Value{}).start;
  }
  return source;
}

sim::Task<Value> fdinfo_of(model::UserfaultfdCtx& ctx) {
  const model::FdInfo info = co_await model::userfaultfd_show_fdinfo(ctx);
  co_return Value{.kind = ValueKind::counts, .start = info.pending, .end = info.total};
}

sim::Task<Value> api_context(const ProgramWorld& world, model::UserfaultfdCtx& ctx,
                             const Operation& operation) {
  const model::ApiRequest request{operation.api, operation.features, argument_of(operation),
                                  world.process().capability};
  const model::IoctlReply reply = co_await model::userfaultfd_api(ctx, request);
  co_return value_of(reply);
}

sim::Task<Value> copy_context(const ProgramWorld& world, model::UserfaultfdCtx& ctx,
                              const model::RangeRequest& request, const Operation& operation) {
  const model::IoctlReply reply = co_await model::userfaultfd_copy(
      ctx, world.process().mm, request, source_of(world, request.start, operation));
  co_return value_of(reply);
}

sim::Task<Value> move_context(const ProgramWorld& world, model::UserfaultfdCtx& ctx,
                              const model::RangeRequest& request, const Operation& operation) {
  const model::MoveRequest move{{request}, source_of(world, request.start, operation).start};
  const model::IoctlReply reply = co_await world.prepared->kernel->move(ctx, world.process().mm, move);
  co_return value_of(reply);
}

sim::Task<Value> set_mode_of_context(const ProgramWorld& world, model::UserfaultfdCtx& ctx,
                                     const Operation& operation) {
  const model::SetModeRequest request{operation.features, operation.disabled, argument_of(operation)};
  const model::IoctlReply reply = co_await world.prepared->kernel->set_mode(ctx, request);
  co_return value_of(reply);
}

using RangeIoctl = sim::Task<model::IoctlReply> (*)(model::UserfaultfdCtx& ctx, model::RangeRequest request);

sim::Task<Value> range_ioctl(RangeIoctl ioctl, model::UserfaultfdCtx& ctx,
                             const model::RangeRequest& request) {
  const model::IoctlReply reply = co_await ioctl(ctx, request);
  co_return value_of(reply);
}

Value without_field(Value value) {
  value.field_state = FieldState::none;
  return value;
}

// Not a task itself: it picks one.
sim::Task<Value> use_file(const ProgramWorld& world, model::File& file, const model::RangeRequest& request,
                          const Operation& operation) {
  model::UserfaultfdCtx& ctx = *file.ctx;
  switch (operation.kind) {
    case OperationKind::api:
      return api_context(world, ctx, operation);
    case OperationKind::register_:
      return range_ioctl(model::userfaultfd_register, ctx, request);
    case OperationKind::unregister:
      return range_ioctl(model::userfaultfd_unregister, ctx, request);
    case OperationKind::zeropage:
      return range_ioctl(model::userfaultfd_zeropage, ctx, request);
    case OperationKind::wake:
      return range_ioctl(model::userfaultfd_wake, ctx, request);
    case OperationKind::writeprotect:
      return range_ioctl(model::userfaultfd_writeprotect, ctx, request);
    case OperationKind::rwprotect:
      return range_ioctl(world.prepared->kernel->rwprotect, ctx, request);
    case OperationKind::set_mode:
      return set_mode_of_context(world, ctx, operation);
    case OperationKind::poison:
      return range_ioctl(world.prepared->kernel->poison, ctx, request);
    case OperationKind::continue_:
      return range_ioctl(model::userfaultfd_continue, ctx, request);
    case OperationKind::copy:
      return copy_context(world, ctx, request, operation);
    case OperationKind::move:
      return move_context(world, ctx, request, operation);
    case OperationKind::read:
      return read_file(world, file, operation);
    default:
      return fdinfo_of(ctx);
  }
}

sim::Task<Value> use_descriptor(ProgramWorld& world, Layout::Resolved range, const Operation& operation) {
  if (names_change(world)) co_await name_lookup();
  const int fd = descriptor_of(world, operation).read();
  co_await sim::point("fdget");
  model::Process& process = world.process();
  model::File* file = model::fdget(process, fd);
  if (!file) co_return has_field(operation.kind) ? Value::untouched(Errno::badf) : Value::of(Errno::badf);
  const model::RangeRequest request{range.start, range.length, operation.mode, argument_of(operation)};
  const Value value = co_await use_file(world, *file, request, operation);
  co_await model::fput(process, *file);
  co_return has_field(operation.kind) ? value : without_field(value);
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
  model::Mm& mm = world.process().mm;
  co_await mm.mmap_lock.read_lock();
  model::Vma* vma = mm.vmas.vma_lookup(address);
  Value value{.kind = ValueKind::page};
  if (operation.kind == OperationKind::pagemap) {
    const PageState state =
        vma ? page_state(vma->flags(), mm.page_tables.walk(address)) : PageState::unmapped;
    value.small = static_cast<std::uint8_t>(state);
  } else {
    value.kind = ValueKind::mapping;
    std::uint8_t bits = 0;
    if (vma) {
      bits = vma_state::kMapped;
      if (vma->flags() & model::VM_READ) bits |= vma_state::kRead;
      if (vma->flags() & model::VM_WRITE) bits |= vma_state::kWrite;
      if (vma->userfaultfd_missing()) bits |= vma_state::kUffdMissing;
      if (vma->userfaultfd_wp()) bits |= vma_state::kUffdWp;
      if (vma->userfaultfd_minor()) bits |= vma_state::kUffdMinor;
      if (vma->userfaultfd_rwp()) bits |= vma_state::kUffdRwp;
      if (vma->shared()) bits |= vma_state::kShared;
    }
    value.small = bits;
  }
  mm.mmap_lock.read_unlock();
  co_return value;
}

std::vector<ScannedRegion> regions_of(const model::ScanReply& reply) {
  std::vector<ScannedRegion> regions;
  for (std::uint32_t i = 0; i < reply.count; ++i) {
    const model::ScanRegion& region = reply.regions[i];
    regions.push_back({region.range, static_cast<std::uint16_t>(region.categories)});
  }
  return regions;
}

sim::Task<Value> call_scan(ProgramWorld& world, Layout::Resolved range, const Operation& operation) {
  const Scan& scan = operation.scan;
  const model::ScanRequest request{.start = range.start,
                                   .length = range.length,
                                   .flags = operation.mode,
                                   .vec_len = scan.regions,
                                   .max_pages = scan.most,
                                   .category_inverted = scan.inverted,
                                   .category_mask = scan.required,
                                   .category_anyof_mask = scan.any_of,
                                   .return_mask = scan.gives,
                                   .argument = argument_of(operation)};
  const model::ScanReply reply = co_await world.prepared->kernel->pagemap_scan(world.process().mm, request);
  const std::uint64_t walked = reply.walk_end.value - range.start.value;
  if (reply.walk_end_state == model::FieldState::untouched) co_return Value::untouched(reply.error);
  if (reply.error != Errno::none) co_return Value::with_field(reply.error, static_cast<std::int64_t>(walked));
  co_return scanned(regions_of(reply), walked);
}

}  // namespace

// Not a task itself: it picks the one that performs the operation, so that no frame lies in between.
sim::Task<Value> perform(ProgramWorld& world, const Operation& operation, const Value& message) {
  const Layout::Resolved range = world.prepared->layout.resolve(operation.range, message);
  model::Process& process = world.process();
  switch (operation.kind) {
    case OperationKind::load:
    case OperationKind::store:
    case OperationKind::copy_from_user:
    case OperationKind::copy_to_user:
      return touch(world, range.start, operation);
    case OperationKind::mmap:
      return call_mmap(process, range, operation);
    case OperationKind::munmap:
      return call_munmap(process, range);
    case OperationKind::mprotect:
      return call_mprotect(process, range, operation.protection);
    case OperationKind::dontneed:
      return call_madvise(process, range, MADV_DONTNEED);
    case OperationKind::remove:
      return call_madvise(process, range, MADV_REMOVE);
    case OperationKind::madvise:
      return call_madvise(process, range, operation.mode);
    case OperationKind::mremap:
      return call_mremap(world, range, operation);
    case OperationKind::truncate:
    case OperationKind::punch:
    case OperationKind::pwrite:
      return call_on_file(process, range, operation);
    case OperationKind::exit:
      return call_exit(process);
    case OperationKind::fork:
      return call_fork(world, operation);
    case OperationKind::userfaultfd:
      return call_userfaultfd(world, operation);
    case OperationKind::close:
      return call_close(world, operation);
    case OperationKind::poll:
      return call_poll(world, operation);
    case OperationKind::next:
      return next_message(world);
    case OperationKind::dup:
      return call_dup(world, operation);
    case OperationKind::receive:
      return call_receive(world, operation);
    case OperationKind::epoll_wait:
      return call_epoll_wait(world, operation);
    case OperationKind::setfl:
    case OperationKind::send:
    case OperationKind::epoll_add:
    case OperationKind::epoll_del:
      return call_on_descriptor(world, operation);
    case OperationKind::lock:
    case OperationKind::unlock:
    case OperationKind::get:
    case OperationKind::set:
      return synchronise(world, operation);
    case OperationKind::pagemap:
    case OperationKind::vma:
      return look(world, range.start, operation);
    case OperationKind::scan:
      return call_scan(world, range, operation);
    default:
      return use_descriptor(world, range, operation);
  }
}

}  // namespace traces
