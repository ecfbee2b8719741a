// SPDX-License-Identifier: Apache-2.0
// An observation: one thing that one thread was seen to do. Both machines produce them while they run a
// program; importers make them from what other tools recorded; a trace is a sequence of them.
#pragma once
#include <cstdint>
#include <string>

#include "traces/operation.hpp"
#include "traces/value.hpp"

namespace traces {

enum class Moment : std::uint8_t {
  enter,  // the operation was begun; `value` is unset
  exit,   // it returned `value`
  whole,  // both at once: the recorder saw only that it happened
};

struct Observation {
  std::uint64_t clock = 0;     // nanoseconds; 0 where the machine has no clock. Order within a thread is
                               // certain, order across threads is what the clock suggests.
  std::uint64_t duration = 0;  // nanoseconds: whatever happened lies within [clock, clock + duration]
  std::uint32_t process = 0;
  std::uint32_t thread = 0;  // thread id (a trace) or index (a program)
  std::uint32_t uffd =
      0;  // descriptor number (a trace) or variable (a program); of a file for what acts on one
  std::uint32_t ptid = 0;  // read: the faulting thread's id as the message gives it, 0 where it gives none
  Moment moment = Moment::whole;
  OperationKind kind = OperationKind::load;
  std::uint64_t address = 0;        // api: the API number that was asked for
  std::uint64_t length = 0;         // read of a REMAP message: bytes moved
  std::uint64_t source = 0;         // copy: address of the bytes; scan: what it asks for, as bits_of() says;
                                    // set_mode: the features it disables
  std::uint64_t target = 0;         // mremap: where it is now, or was asked for; 0: where the kernel liked
  std::uint64_t target_length = 0;  // mremap: the new length
  std::uint64_t mode = 0;           // mode, flags, protection or features, whichever the operation has
  Value value{};                    // result field *and* errno
  std::string note{};    // register: the region's name, where the recorder knew one; else for people
  std::string origin{};  // "FILE:LINE" it came from; empty for our own machines
  friend bool operator==(const Observation&, const Observation&) = default;
};

}  // namespace traces
