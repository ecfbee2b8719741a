// SPDX-License-Identifier: Apache-2.0
// refused: a lambda cannot be a Task
#include <uffdsim/uffdsim.hpp>
using namespace uffdsim;

void make(int number) {
  const auto body = [number]() -> Task<int> {
    co_await yield();
    co_return number;
  };
  static_cast<void>(body());
}
