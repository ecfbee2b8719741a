// SPDX-License-Identifier: Apache-2.0
// File: an open userfaultfd. Descriptors that were duplicated, inherited or passed on stand for the same
// file, and share its flags.
#pragma once
#include <fcntl.h>

#include "model/uffd/context.hpp"

namespace model {

// Every system call that uses it holds a reference meanwhile, every descriptor holds one, and so does what is
// in flight in a socket; the last one releases the context, whoever drops it.
struct File {
  sim::Cell<std::uint32_t> refs;
  sim::Cell<std::uint32_t> f_flags;  // O_NONBLOCK: fcntl changes it, the context's flags stay what they were
  UserfaultfdCtx* ctx = nullptr;

  bool nonblock() const { return f_flags.read() & O_NONBLOCK; }
};

}  // namespace model
