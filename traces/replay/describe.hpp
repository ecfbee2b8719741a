// SPDX-License-Identifier: Apache-2.0
// Operations and values of a replay in words, and whether a machine's value agrees with a recorded one.
#pragma once
#include <string>

#include "traces/layout.hpp"
#include "traces/program.hpp"

namespace traces {

// "copy u13 pc.ram[3] mode=0x1"
std::string describe(const Operation& operation, const Program& program, const Layout& layout);
// "EAGAIN, field -11"; "PAGEFAULT write at pc.ram[3] by thread 2"
std::string describe(const Value& value, const Layout& layout);

// Whether `answer` is what was recorded, as far as the recorder could see (`recorded`: recorded::k…).
bool agrees(const Value& expected, const Value& answer, std::uint8_t recorded);

}  // namespace traces
