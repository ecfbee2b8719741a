// SPDX-License-Identifier: Apache-2.0
#include "uffdsim/memory.hpp"

#include <fmt/format.h>

#include <csignal>

#include "model/fault/access.hpp"
#include "model/syscalls/syscalls.hpp"
#include "uffdsim/telling.hpp"
#include "uffdsim/world.hpp"

namespace uffdsim {
namespace {

using detail::begins;
using detail::die;
using detail::killed;
using detail::letter_text;
using detail::name_of;
using detail::returns;
using detail::this_process;
using model::Access;
using model::Mode;

Touched touched_of(model::Touched touched, char stored) {
  if (touched.how == model::Touched::How::sigbus) return Touched::signalled(SIGBUS);
  if (touched.how == model::Touched::How::sigsegv) return Touched::signalled(SIGSEGV);
  return Touched::letter(stored ? stored : touched.content);
}

std::uint8_t protection_of(int protection) {
  return static_cast<std::uint8_t>((protection & PROT_READ ? model::kProtectRead : 0) |
                                   (protection & PROT_WRITE ? model::kProtectWrite : 0));
}

model::MapObject object_of(const Backing& backing) {
  const bool is_shared = backing.sharing == Sharing::shared;
  return {is_shared ? model::Sharing::shared : model::Sharing::private_,
          backing.file.number() >= 0 ? backing.file.number() : model::MapObject::kAnonymous, backing.first};
}

std::string to_text(const Result<Range>& range) {
  return range ? name_of(*range) : model::to_text(range.error());
}
std::string to_text(const Result<char>& letter) {
  return letter ? letter_text(*letter) : model::to_text(letter.error());
}

}  // namespace

sim::Task<Touched> load(Range at) {
  begins([&] { return fmt::format("load {}", name_of(at)); });
  const model::Touched touched =
      co_await model::touch_memory(this_process().mm, {at.start}, Access::read, Mode::user, '\0');
  if (killed()) co_await die();
  co_return returns(touched_of(touched, '\0'));
}

sim::Task<Touched> store(Range at, char letter) {
  begins([&] { return fmt::format("store {} {}", name_of(at), letter_text(letter)); });
  const model::Touched touched =
      co_await model::touch_memory(this_process().mm, {at.start}, Access::write, Mode::user, letter);
  if (killed()) co_await die();
  co_return returns(touched_of(touched, letter));
}

sim::Task<Result<char>> copy_from_user(Range at) {
  begins([&] { return fmt::format("copy-from-user {}", name_of(at)); });
  const model::Touched touched =
      co_await model::touch_memory(this_process().mm, {at.start}, Access::read, Mode::kernel, '\0');
  if (killed()) co_await die();
  Result<char> result = touched.content;
  if (touched.how != model::Touched::How::done) result = model::error(Errno::fault);
  if (sim::observed()) detail::tell_returns(to_text(result));
  co_return result;
}

sim::Task<Errno> copy_to_user(Range at, char letter) {
  begins([&] { return fmt::format("copy-to-user {} {}", name_of(at), letter_text(letter)); });
  const model::Touched touched =
      co_await model::touch_memory(this_process().mm, {at.start}, Access::write, Mode::kernel, letter);
  if (killed()) co_await die();
  co_return returns(touched.how == model::Touched::How::done ? Errno::none : Errno::fault);
}

sim::Task<Errno> map(Range at, int protection, Backing backing) {
  begins([&] { return fmt::format("mmap {}", name_of(at)); });
  const Result<model::VirtAddr> mapped =
      co_await model::sys_mmap(this_process(), {at.start}, at.length, protection_of(protection),
                               model::MapPlacement::fixed, object_of(backing));
  if (killed()) co_await die();
  co_return returns(mapped.error());
}

sim::Task<Errno> unmap(Range at) {
  begins([&] { return fmt::format("munmap {}", name_of(at)); });
  const Errno error = co_await model::sys_munmap(this_process(), {at.start}, at.length);
  if (killed()) co_await die();
  co_return returns(error);
}

sim::Task<Errno> protect(Range at, int protection) {
  begins([&] { return fmt::format("mprotect {}", name_of(at)); });
  const Errno error =
      co_await model::sys_mprotect(this_process(), {at.start}, at.length, protection_of(protection));
  if (killed()) co_await die();
  co_return returns(error);
}

sim::Task<Errno> advise(Range at, int advice) {
  begins([&] {
    if (advice == MADV_DONTNEED) return fmt::format("dontneed {}", name_of(at));
    if (advice == MADV_REMOVE) return fmt::format("remove {}", name_of(at));
    return fmt::format("madvise {} {}", name_of(at), advice);
  });
  const Errno error =
      co_await model::sys_madvise(this_process(), {at.start}, at.length, static_cast<std::uint64_t>(advice));
  if (killed()) co_await die();
  co_return returns(error);
}

sim::Task<Result<Range>> remap(Range from, Range to, int flags) {
  begins([&] { return fmt::format("mremap {} to {}", name_of(from), name_of(to)); });
  model::MremapRequest request{.old_address = {from.start},
                               .old_length = from.length,
                               .new_length = to.length,
                               .flags = static_cast<std::uint64_t>(flags)};
  if (flags & (MREMAP_FIXED | MREMAP_DONTUNMAP)) request.new_address = {to.start};
  const Result<model::VirtAddr> moved = co_await model::sys_mremap(this_process(), request);
  if (killed()) co_await die();
  Result<Range> result = Range{moved->value, to.length};
  if (!moved) result = model::error(moved.error());
  if (sim::observed()) detail::tell_returns(to_text(result));
  co_return result;
}

}  // namespace uffdsim
