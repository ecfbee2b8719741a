// SPDX-License-Identifier: Apache-2.0
// The world that this host thread is running, and the simulated thread whose stack new frames go on. Each
// host worker runs its own world, so this and the recorder of footprints are the only ambient state.
#pragma once
#include <cstdint>

#include "sim/arena.hpp"

namespace sim {

struct TaskPromise;
class World;
class Observer;

using ThreadId = std::int8_t;  // index into the world's threads; kNoThread for none
inline constexpr ThreadId kNoThread = -1;

struct Current {
  Arena* arena = nullptr;
  World* world = nullptr;
  TaskPromise* innermost = nullptr;  // of the running thread; null once its outermost task has returned
  Observer* observer = nullptr;      // hears notes while a schedule is told to a person; usually null
  ThreadId thread = kNoThread;
  bool at_point = false;             // the running thread has reached a scheduling point
};
inline constinit thread_local Current current{};

}  // namespace sim
