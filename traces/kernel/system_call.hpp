// SPDX-License-Identifier: Apache-2.0
// What a system call returned, in our words.
#pragma once
#include <cerrno>
#include <cstdint>

#include "model/errno.hpp"

namespace traces {

// errno if the result says that the call failed. An errno without a name in model::Errno keeps its number.
inline model::Errno outcome(std::int64_t result) {
  return result < 0 ? static_cast<model::Errno>(errno) : model::Errno::none;
}

}  // namespace traces
