// SPDX-License-Identifier: Apache-2.0
// What no recording of a real machine can contain, whoever wrote it: looked at when a trace is written and
// when it is read.
#pragma once
#include <string>

#include "traces/observation.hpp"

namespace traces {

// Why the observation cannot be true, in words; empty if it can. A range that wraps around 2^64 may be
// asked for, but only ever fails.
std::string complaint(const Observation& observation);

// Whether address and length of this kind of operation are a range of memory.
bool has_range(OperationKind kind);

}  // namespace traces
