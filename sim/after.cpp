// SPDX-License-Identifier: Apache-2.0
#include "sim/after.hpp"

#include "sim/replay.hpp"

namespace sim {

void After::boot(Arena& arena) const { replay(subject_, moves_, arena); }

}  // namespace sim
