// SPDX-License-Identifier: Apache-2.0
// refused: a thread's body must be const
#include <uffdsim/uffdsim.hpp>
using namespace uffdsim;

struct S {
  int count = 0;
  void setup(Setup& setup) { setup.thread("t", &S::run); }
  Task<> run() {
    co_await yield();
    ++count;
  }
};
Report report() { return explore(S{}); }
