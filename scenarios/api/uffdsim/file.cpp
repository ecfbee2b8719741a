// SPDX-License-Identifier: Apache-2.0
#include "uffdsim/file.hpp"

#include <fmt/format.h>

#include "model/syscalls/syscalls.hpp"
#include "uffdsim/telling.hpp"
#include "uffdsim/world.hpp"

namespace uffdsim {
namespace {

using detail::begins;
using detail::die;
using detail::killed;
using detail::returns;
using detail::this_process;

std::string name_of_file(int file) {
  const std::vector<traces::MemoryFile>& files = detail::this_program().prepared->program.files;
  const auto index = static_cast<std::size_t>(file);
  return index < files.size() ? files[index].name : std::string("(no file)");
}

sim::Task<Errno> truncate_file(int file, std::uint64_t pages) {
  begins([&] { return fmt::format("truncate {} to {} pages", name_of_file(file), pages); });
  const Errno error = co_await model::sys_ftruncate(this_process(), file, pages);
  if (killed()) co_await die();
  co_return returns(error);
}

sim::Task<Errno> punch_file(int file, std::uint64_t first, std::uint64_t pages) {
  begins([&] { return fmt::format("punch {} pages {} to {}", name_of_file(file), first, first + pages); });
  const Errno error = co_await model::sys_fallocate_punch(this_process(), file, first, pages);
  if (killed()) co_await die();
  co_return returns(error);
}

sim::Task<Errno> write_file(int file, std::uint64_t first, std::uint64_t pages, Letters letters) {
  begins([&] {
    return fmt::format("write {} page {} {}", name_of_file(file), first, detail::letters_text(letters));
  });
  const model::CopySource source{.letters = letters.data(), .count = letters.size()};
  const Errno error = co_await model::sys_pwrite(this_process(), file, first, pages, source);
  if (killed()) co_await die();
  co_return returns(error);
}

}  // namespace

sim::Task<Errno> File::truncate(std::uint64_t pages) const { return truncate_file(number_, pages); }
sim::Task<Errno> File::punch_hole(std::uint64_t first, std::uint64_t pages) const {
  return punch_file(number_, first, pages);
}
sim::Task<Errno> File::write(std::uint64_t first, std::uint64_t pages, Letters letters) const {
  return write_file(number_, first, pages, letters);
}

}  // namespace uffdsim
