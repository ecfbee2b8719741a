// SPDX-License-Identifier: Apache-2.0
// refused: an argument of a Task is kept in the simulated world
#include <uffdsim/uffdsim.hpp>
using namespace uffdsim;

Task<> run(std::string name) {
  co_await yield();
  expect(!name.empty(), "it has a name");
}
