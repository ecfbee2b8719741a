// SPDX-License-Identifier: Apache-2.0
#include "uffdsim/uffd.hpp"

#include <fmt/format.h>

#include "model/kernels/kernel.hpp"
#include "model/syscalls/syscalls.hpp"
#include "model/uffd/read.hpp"
#include "uffdsim/telling.hpp"
#include "uffdsim/world.hpp"

namespace uffdsim {
namespace {

using detail::begins;
using detail::die;
using detail::killed;
using detail::letters_text;
using detail::name_of;
using detail::returns;
using detail::this_process;
using model::IoctlReply;
using model::RangeRequest;

std::string name_of_uffd(int fd) {
  const std::vector<traces::UffdSetup>& uffds = detail::this_program().prepared->program.uffds;
  const auto index = static_cast<std::size_t>(fd);
  return index < uffds.size() ? uffds[index].name : fmt::format("fd {}", fd);
}

RangeRequest request_of(Range range, std::uint64_t mode) { return {{range.start}, range.length, mode}; }

Reply reply_of(const IoctlReply& reply, Reply::Field has) {
  if (has == Reply::Field::none) return {reply.error, has, 0};
  const bool written = reply.field_state == model::FieldState::written;
  return {reply.error, written ? Reply::Field::written : Reply::Field::untouched, reply.field};
}

Reply not_open() { return {Errno::badf, Reply::Field::untouched, 0}; }

std::string to_text(const Result<Message>& message) {
  if (!message) return model::to_text(message.error());
  if (message->is_fault()) {
    const char* kind = message->has(UFFD_PAGEFAULT_FLAG_MINOR)   ? "minor"
                       : message->has(UFFD_PAGEFAULT_FLAG_WP)    ? "wp"
                       : message->has(UFFD_PAGEFAULT_FLAG_WRITE) ? "write"
                                                                 : "read";
    return fmt::format("{}-fault:{}", kind, name_of(message->page()));
  }
  if (message->is(UFFD_EVENT_FORK)) return fmt::format("fork:fd {}", message->child_fd);
  if (message->is(UFFD_EVENT_REMAP)) {
    return fmt::format("remap:{} to {}", name_of(message->range()), name_of(message->moved_to()));
  }
  return fmt::format("{}:{}", message->is(UFFD_EVENT_REMOVE) ? "remove" : "unmap", name_of(message->range()));
}

std::string to_text(const Result<Uffd>& uffd) {
  return uffd ? fmt::format("fd {}", uffd->fd()) : model::to_text(uffd.error());
}

template <class T>
T tell(const T& result) {
  if (sim::observed()) detail::tell_returns(to_text(result));
  return result;
}

// What begins every use of a descriptor: the file behind it, with a reference, or null.
sim::Task<model::File*> use(int fd) {
  co_await sim::point("fdget");
  co_return model::fdget(this_process(), fd);
}

using Ioctl = sim::Task<IoctlReply> (*)(model::UserfaultfdCtx& ctx, RangeRequest request);

sim::Task<Reply> range_ioctl(const char* name, int fd, Ioctl ioctl, Range range, std::uint64_t mode,
                             Reply::Field has) {
  begins([&] { return fmt::format("{} {}", name, name_of(range)); });
  model::File* file = co_await use(fd);
  if (!file) co_return returns(not_open());
  const IoctlReply reply = co_await ioctl(*file->ctx, request_of(range, mode));
  co_await model::fput(this_process(), *file);
  if (killed()) co_await die();
  co_return returns(reply_of(reply, has));
}

sim::Task<Reply> copy_ioctl(int fd, Range to, Letters letters, std::uint64_t mode) {
  begins([&] { return fmt::format("copy {} {}", name_of(to), letters_text(letters)); });
  model::File* file = co_await use(fd);
  if (!file) co_return returns(not_open());
  const model::CopySource source{.letters = letters.data(), .count = letters.size()};
  const IoctlReply reply =
      co_await model::userfaultfd_copy(*file->ctx, this_process().mm, request_of(to, mode), source);
  co_await model::fput(this_process(), *file);
  if (killed()) co_await die();
  co_return returns(reply_of(reply, Reply::Field::written));
}

sim::Task<Reply> copy_from_ioctl(int fd, Range to, Range from, std::uint64_t mode) {
  begins([&] { return fmt::format("copy {} from {}", name_of(to), name_of(from)); });
  model::File* file = co_await use(fd);
  if (!file) co_return returns(not_open());
  const model::CopySource source{.kind = model::CopySource::Kind::memory, .start = {from.start}};
  const IoctlReply reply =
      co_await model::userfaultfd_copy(*file->ctx, this_process().mm, request_of(to, mode), source);
  co_await model::fput(this_process(), *file);
  if (killed()) co_await die();
  co_return returns(reply_of(reply, Reply::Field::written));
}

sim::Task<Reply> move_ioctl(int fd, Range to, Range from, std::uint64_t mode) {
  begins([&] { return fmt::format("move {} from {}", name_of(to), name_of(from)); });
  model::File* file = co_await use(fd);
  if (!file) co_return returns(not_open());
  const model::MoveRequest request{{request_of(to, mode)}, {from.start}};
  const model::Kernel& kernel = *detail::this_program().prepared->kernel;
  const IoctlReply reply = co_await kernel.move(*file->ctx, this_process().mm, request);
  co_await model::fput(this_process(), *file);
  if (killed()) co_await die();
  co_return returns(reply_of(reply, Reply::Field::written));
}

sim::Task<Reply> api_ioctl(int fd, std::uint64_t features) {
  begins([&] { return fmt::format("api of {}", name_of_uffd(fd)); });
  model::File* file = co_await use(fd);
  if (!file) co_return returns(not_open());
  const model::ApiRequest request{.features = features, .capability = this_process().capability};
  const IoctlReply reply = co_await model::userfaultfd_api(*file->ctx, request);
  co_await model::fput(this_process(), *file);
  if (killed()) co_await die();
  co_return returns(reply_of(reply, Reply::Field::written));
}

Message message_of(const model::Message& message) {
  return {.event = message.event,
          .flags = message.flags,
          .thread = message.thread,
          .child_fd = message.fd,
          .start = message.start.value,
          .end = message.end.value,
          .length = message.length};
}

sim::Task<Result<Message>> read_one(int fd) {
  begins([&] { return fmt::format("read {}", name_of_uffd(fd)); });
  model::File* file = co_await use(fd);
  if (!file) co_return tell(Result<Message>(model::error(Errno::badf)));
  model::Message message;
  const model::ReadBuffer buffer{&message, model::kMessageBytes};
  const model::ReadReply reply = co_await model::userfaultfd_read(*file, this_process(), buffer);
  co_await model::fput(this_process(), *file);
  if (killed()) co_await die();
  Result<Message> result = message_of(message);
  if (reply.error != Errno::none) result = model::error(reply.error);
  co_return tell(result);
}

sim::Task<int> poll_one(int fd, model::PollWait wait) {
  begins([&] { return fmt::format("poll {}", name_of_uffd(fd)); });
  const std::uint8_t events = co_await model::sys_poll(this_process(), fd, wait);
  if (killed()) co_await die();
  if (sim::observed()) detail::tell_returns(fmt::format("{:#x}", events));
  co_return events;
}

sim::Task<Errno> close_one(int fd) {
  begins([&] { return fmt::format("close {}", name_of_uffd(fd)); });
  const Errno error = co_await model::sys_close(this_process(), fd);
  if (killed()) co_await die();
  co_return returns(error);
}

sim::Task<Result<Uffd>> dup_one(int fd) {
  begins([&] { return fmt::format("dup {}", name_of_uffd(fd)); });
  const Result<int> copy = co_await model::sys_dup(this_process(), fd);
  if (killed()) co_await die();
  Result<Uffd> result = Uffd(*copy);
  if (!copy) result = model::error(copy.error());
  co_return tell(result);
}

sim::Task<Errno> set_flags_of(int fd, int flags) {
  begins([&] { return fmt::format("setfl {} {:#x}", name_of_uffd(fd), flags); });
  const Errno error = co_await model::sys_fcntl_setfl(this_process(), fd, static_cast<std::uint64_t>(flags));
  if (killed()) co_await die();
  co_return returns(error);
}

}  // namespace

sim::Task<Result<Message>> Uffd::read() const { return read_one(fd_); }
sim::Task<int> Uffd::poll() const { return poll_one(fd_, model::PollWait::forever); }
sim::Task<int> Uffd::poll_now() const { return poll_one(fd_, model::PollWait::not_at_all); }
sim::Task<Reply> Uffd::api(std::uint64_t features) const { return api_ioctl(fd_, features); }
sim::Task<Reply> Uffd::copy(Range to, Letters letters, std::uint64_t mode) const {
  return copy_ioctl(fd_, to, letters, mode);
}
sim::Task<Reply> Uffd::copy_from(Range to, Range from, std::uint64_t mode) const {
  return copy_from_ioctl(fd_, to, from, mode);
}
sim::Task<Reply> Uffd::move(Range to, Range from, std::uint64_t mode) const {
  return move_ioctl(fd_, to, from, mode);
}
sim::Task<Reply> Uffd::register_(Range range, std::uint64_t mode) const {
  return range_ioctl("register", fd_, model::userfaultfd_register, range, mode, Reply::Field::written);
}
sim::Task<Reply> Uffd::unregister(Range range) const {
  return range_ioctl("unregister", fd_, model::userfaultfd_unregister, range, 0, Reply::Field::none);
}
sim::Task<Reply> Uffd::zeropage(Range to, std::uint64_t mode) const {
  return range_ioctl("zeropage", fd_, model::userfaultfd_zeropage, to, mode, Reply::Field::written);
}
sim::Task<Reply> Uffd::continue_(Range to, std::uint64_t mode) const {
  return range_ioctl("continue", fd_, model::userfaultfd_continue, to, mode, Reply::Field::written);
}
sim::Task<Reply> Uffd::poison(Range to, std::uint64_t mode) const {
  const model::Kernel& kernel = *detail::this_program().prepared->kernel;
  return range_ioctl("poison", fd_, kernel.poison, to, mode, Reply::Field::written);
}
sim::Task<Reply> Uffd::wake(Range range) const {
  return range_ioctl("wake", fd_, model::userfaultfd_wake, range, 0, Reply::Field::none);
}
sim::Task<Reply> Uffd::writeprotect(Range range, std::uint64_t mode) const {
  const char* name = mode & UFFDIO_WRITEPROTECT_MODE_WP ? "writeprotect" : "unprotect";
  return range_ioctl(name, fd_, model::userfaultfd_writeprotect, range, mode, Reply::Field::none);
}
sim::Task<Errno> Uffd::close() const { return close_one(fd_); }
sim::Task<Result<Uffd>> Uffd::dup() const { return dup_one(fd_); }
sim::Task<Errno> Uffd::set_flags(int flags) const { return set_flags_of(fd_, flags); }

sim::Task<Result<Uffd>> open_userfaultfd(int flags) {
  begins([&] { return fmt::format("userfaultfd {:#x}", flags); });
  const Result<int> fd = co_await model::sys_userfaultfd(this_process(), static_cast<std::uint64_t>(flags));
  if (killed()) co_await die();
  Result<Uffd> result = Uffd(*fd);
  if (!fd) result = model::error(fd.error());
  co_return tell(result);
}

}  // namespace uffdsim
