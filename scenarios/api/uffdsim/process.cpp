// SPDX-License-Identifier: Apache-2.0
#include "uffdsim/process.hpp"

#include <fmt/format.h>

#include "model/syscalls/syscalls.hpp"
#include "uffdsim/telling.hpp"
#include "uffdsim/world.hpp"

namespace uffdsim {

using detail::begins;
using detail::die;
using detail::killed;
using detail::returns;

sim::Task<Errno> fork(Child child) {
  traces::ProgramWorld& program = detail::this_program();
  const auto id = static_cast<sim::ThreadId>(child.thread());
  begins([&] { return fmt::format("fork {}", sim::current.world->thread(id).name); });
  const Errno error = co_await model::sys_fork(program.process(), program.process_of(id));
  if (killed()) co_await die();
  if (error == Errno::none) {
    bool& born = program.threads[id].born;
    sim::touch(&born, sizeof born, sim::Access::write);
    born = true;
  }
  co_return returns(error);
}

sim::Task<void> exit_process() {
  begins([] { return std::string("exit_group"); });
  co_await model::sys_exit_group(detail::this_process());
  co_await die();
}

sim::Task<void> yield() {
  co_await sim::point("yield");
  if (killed()) co_await die();
}

sim::Task<int> choose(int options, const char* question) {
  begins([&] { return fmt::format("{}?", question); });
  const std::uint8_t answer = co_await sim::choose(static_cast<std::uint8_t>(options), question);
  if (sim::observed()) detail::tell_returns(fmt::format("{}", answer));
  co_return answer;
}

}  // namespace uffdsim
