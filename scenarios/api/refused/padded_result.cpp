// SPDX-License-Identifier: Apache-2.0
// refused: what a Task gives back is kept in the simulated world
#include <uffdsim/uffdsim.hpp>
using namespace uffdsim;

struct Padded {
  char letter;
  int number;
};
Task<Padded> run() {
  co_await yield();
  co_return Padded{};
}
