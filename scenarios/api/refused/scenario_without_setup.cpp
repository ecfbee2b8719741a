// SPDX-License-Identifier: Apache-2.0
// refused: a scenario says what it begins with
#include <uffdsim/uffdsim.hpp>
using namespace uffdsim;

struct S {
  Region x;
};
Report report() { return explore(S{}); }
