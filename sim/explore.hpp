// SPDX-License-Identifier: Apache-2.0
// explore(): every outcome of a subject, by meeting every world once. Breadth first, so each outcome's
// witness is a shortest one; equal worlds are recognised by their hash, because code that is kept apart by
// locks meets the same world again and again. Worlds are expanded in parallel and merged in a fixed order:
// the result, to the last count, does not depend on the number of workers.
#pragma once
#include "sim/effort.hpp"
#include "sim/exploration.hpp"

namespace sim {

Exploration explore(const Subject& subject, const Effort& effort = {});

}  // namespace sim
