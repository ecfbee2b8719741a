// SPDX-License-Identifier: Apache-2.0
// every_trace(): every outcome of a subject by one execution of each trace, that is, of each set of
// executions that differ only in the order of steps that commute. It remembers nothing but the execution it
// is making, so it is for programs whose worlds are too many to remember.
//
// Source sets and sleep sets, after Abdulla, Aronis, Jonsson and Sagonas, "Source Sets: A Foundation for
// Optimal Dynamic Partial Order Reduction" (J. ACM 64, 2017), over the footprints of steps; for threads that
// wait, what could have come first is taken rather too often than too rarely (Flanagan and Godefroid, POPL
// 2005).
#pragma once
#include "sim/effort.hpp"
#include "sim/exploration.hpp"

namespace sim {

// Counts traces by their outcome. An execution that comes back to a world it has been in is given up:
// livelocks are for explore(), and the coverage then says that not all was seen. A step commutes with what
// all its answers commute with, so programs that ask much are run more often than once a trace. Steps are not
// checked. One worker.
Exploration every_trace(const Subject& subject, const Effort& effort = {});

}  // namespace sim
