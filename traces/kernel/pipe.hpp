// SPDX-License-Identifier: Apache-2.0
// A pipe of one thread, through which the kernel touches the thread's memory for it: write(2) reads one
// byte of it, read(2) writes one. A fault there is a kernel-mode fault.
#pragma once
#include <cstdint>

#include "traces/value.hpp"

namespace traces {

class Pipe {
 public:
  Pipe();  // throws std::system_error
  ~Pipe();
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  // -> the letter at `address`, or the errno.
  Value copy_from_user(std::uint64_t address);
  // -> ok once `letter` is at `address`, or the errno.
  Value copy_to_user(std::uint64_t address, char letter);

 private:
  int ends_[2] = {-1, -1};
};

}  // namespace traces
