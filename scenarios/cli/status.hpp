// SPDX-License-Identifier: Apache-2.0
// Exit statuses, the same for every subcommand, and the error that ends one with `usage`.
#pragma once
#include <stdexcept>
#include <string>

namespace cli {

enum class Status : int {
  holds = 0,    // everything that was claimed holds
  fails = 1,    // a claim fails, or two things that should agree do not
  usage = 2,    // bad usage or bad input: nothing was done
  stopped = 3,  // stopped before it was done, by a person or a budget
  skipped = 77,  // cannot be done here, as test harnesses understand it: no QEMU, or no image of that kernel
};

// What is wrong with the usage or the input, for a person; ends the command with Status::usage.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace cli
