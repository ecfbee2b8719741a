// SPDX-License-Identifier: Apache-2.0
// The mutexes of a program: pthread's own, so that a thread which waits for one sleeps in futex(2).
#pragma once
#include <pthread.h>

#include <array>

#include "traces/kernel/board.hpp"

namespace traces {

class Mutexes {
 public:
  Mutexes() { renew(); }
  // All free again, whoever held them: for the next program. No thread may be waiting.
  void renew();
  // A thread that asks for a mutex which it holds waits for itself, for ever, as with a default mutex.
  Value lock(std::size_t index);
  Value unlock(std::size_t index);  // EPERM from a thread that does not hold it

 private:
  std::array<pthread_mutex_t, kMaxNames> mutexes_;
};

}  // namespace traces
