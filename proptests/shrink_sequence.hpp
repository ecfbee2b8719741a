// SPDX-License-Identifier: Apache-2.0
// Shrinking: the shortest sequence in which something still happens.
#pragma once
#include <functional>

#include "proptests/sequence.hpp"

namespace proptests {

// Whether what we look for happens in the sequence.
using Happens = std::function<bool(const Sequence&)>;

// Leaves out and simplifies, as long as it still happens, until nothing more can go. `sequence` is one in
// which it happens; so is the result.
Sequence shrink(Sequence sequence, const Happens& happens);

}  // namespace proptests
