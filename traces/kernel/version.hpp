// SPDX-License-Identifier: Apache-2.0
// Which kernel runs here, and which modelled kernel its outcomes are compared with.
#pragma once
#include <string>
#include <string_view>

namespace traces {

// "6.18.44", as uname(2) says it.
std::string running_kernel();

// The nearest modelled kernel that is not newer than `release`: "6.1", "6.12", "6.18" or "7.3"; empty if
// the release is older than all of them or does not begin with two numbers.
std::string modelled_kernel(std::string_view release);

}  // namespace traces
