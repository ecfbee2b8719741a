// SPDX-License-Identifier: Apache-2.0
#include "uffdsim/reply.hpp"

#include <fmt/format.h>

#include <csignal>

#include "uffdsim/telling.hpp"

namespace uffdsim {

std::string to_text(const Reply& reply) {
  const char* error = model::to_text(reply.error());
  if (reply || reply.bytes() == 0) return error;
  return fmt::format("{} after {} bytes", error, reply.bytes());
}

std::string to_text(Touched touched) {
  if (touched.signal() == SIGBUS) return "SIGBUS";
  if (!touched) return "SIGSEGV";
  return detail::letter_text(touched.content());
}

}  // namespace uffdsim
