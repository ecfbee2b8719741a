// SPDX-License-Identifier: Apache-2.0
// --budget: "worlds=1000000", "executions=5000", "seconds=10", "mebibytes=2048", "steps=100000"; several with
// commas or by giving the option again.
#pragma once
#include <chrono>
#include <string>
#include <vector>

#include "sim/effort.hpp"

namespace cli {

struct Bounds {
  sim::Budget budget;
  std::chrono::seconds seconds{0};  // 0: no limit
};

// An Error if some word is no bound. Host memory is always bounded: by three quarters of what the machine
// has, unless told otherwise.
Bounds bounds_of(const std::vector<std::string>& words);

}  // namespace cli
