// SPDX-License-Identifier: Apache-2.0
// What a program may say and the model cannot run.
#pragma once
#include <string>

#include "traces/layout.hpp"

namespace traces {

// Names the first operation of the program that is not modelled, and why; empty if there is none. Places that
// come with messages are not known before the program runs, and are not looked at.
std::string why_not_modelled(const Program& program, const Layout& layout);

}  // namespace traces
