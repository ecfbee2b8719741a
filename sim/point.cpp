// SPDX-License-Identifier: Apache-2.0
#include "sim/point.hpp"

#include "sim/assert.hpp"
#include "sim/held_locks.hpp"

namespace sim {
namespace {

bool is_running(const void* state, ThreadId) { return *static_cast<const RunState*>(state) == RunState::running; }

}  // namespace

Point schedule(const char* what) {
  SIM_ASSERT(!holds_a_spinlock());
  return {{.wait = {.ready = is_running, .object = &current_thread().state, .what = what}}};
}

void Choose::ask() const noexcept {
  current.world->question_ = {.thread = current.thread, .options = options, .what = what};
  current.at_point = true;
}

std::uint8_t Choose::await_resume() const noexcept {
  if (options <= 1) return 0;
  const std::uint8_t answer = current.world->question_.answer;
  current.world->question_ = {};
  return answer;
}

}  // namespace sim
