// SPDX-License-Identifier: Apache-2.0
// refused: a scenario is copied into every simulated world as bytes
#include <uffdsim/uffdsim.hpp>
using namespace uffdsim;

struct S {
  std::string name;
  void setup(Setup& setup) { setup.thread("t", &S::run); }
  Task<> run() const { co_await yield(); }
};
Report report() { return explore(S{}); }
