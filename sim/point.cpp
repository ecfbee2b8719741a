// SPDX-License-Identifier: Apache-2.0
#include "sim/point.hpp"

#include "sim/assert.hpp"
#include "sim/held_locks.hpp"

namespace sim {
namespace {

// Simplified: every sleep is killable.
bool may_wake(const void* object, ThreadId) {
  const Thread& thread = *static_cast<const Thread*>(object);
  return thread.state == RunState::running || thread.fatal_signal;
}

}  // namespace

Sleep schedule(const char* what) {
  SIM_ASSERT(!holds_a_spinlock());
  return Sleep(what);
}

Wait Sleep::wait() const { return {.ready = may_wake, .object = &current_thread(), .what = what}; }

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
