// SPDX-License-Identifier: Apache-2.0
#include "traces/kernel/pipe.hpp"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <system_error>

#include "traces/kernel/system_call.hpp"

namespace traces {

Pipe::Pipe() {
  if (pipe2(ends_, O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe2");
}

Pipe::~Pipe() {
  close(ends_[0]);
  close(ends_[1]);
}

// The raw system calls, because sanitizers look at the buffers of write(2) and read(2) beforehand.
Value Pipe::copy_from_user(std::uint64_t address) {
  const model::Errno written = outcome(syscall(SYS_write, ends_[1], address, 1));
  if (written != model::Errno::none) return Value::of(written);
  char letter = 0;
  const model::Errno got = outcome(read(ends_[0], &letter, 1));
  return got == model::Errno::none ? Value::letter(letter) : Value::of(got);
}

Value Pipe::copy_to_user(std::uint64_t address, char letter) {
  const model::Errno written = outcome(write(ends_[1], &letter, 1));
  if (written != model::Errno::none) return Value::of(written);
  const model::Errno got = outcome(syscall(SYS_read, ends_[0], address, 1));
  if (got != model::Errno::none && read(ends_[0], &letter, 1) != 1) return Value::of(outcome(-1));
  return Value::of(got);
}

}  // namespace traces
