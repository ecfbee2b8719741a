// SPDX-License-Identifier: Apache-2.0
#include "traces/kernel/mutexes.hpp"

#include <cerrno>

namespace traces {
namespace {

[[noreturn]] void sleep_for_ever() {
  FutexWord never{0};
  for (;;) futex_wait(never, 0);
}

}  // namespace

void Mutexes::renew() {
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ERRORCHECK);
  for (pthread_mutex_t& mutex : mutexes_) pthread_mutex_init(&mutex, &attributes);
  pthread_mutexattr_destroy(&attributes);
}

Value Mutexes::lock(std::size_t index) {
  const int error = pthread_mutex_lock(&mutexes_[index]);
  if (error == EDEADLK) sleep_for_ever();
  return Value::of(static_cast<model::Errno>(error));
}

Value Mutexes::unlock(std::size_t index) {
  return Value::of(static_cast<model::Errno>(pthread_mutex_unlock(&mutexes_[index])));
}

}  // namespace traces
