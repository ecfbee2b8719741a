// SPDX-License-Identifier: Apache-2.0
// refused: a shared variable must be trivially copyable and without padding
#include <uffdsim/uffdsim.hpp>
using namespace uffdsim;

struct Padded {
  char letter;
  int number;
};
Shared<Padded> variable;
