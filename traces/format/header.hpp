// SPDX-License-Identifier: Apache-2.0
// The first line of a trace: which version of the format, who made it, by which clock, and what the
// recorder could see. What it could not see is never compared.
#pragma once
#include <cstdint>
#include <string>

namespace traces {

inline constexpr unsigned kFormatVersion = 1;

enum class Clock : std::uint8_t {
  none,       // every clock is 0: only the order of lines is known
  realtime,   // nanoseconds since 1970
  monotonic,  // nanoseconds since some moment
};

// What the recorder could see.
namespace recorded {
inline constexpr std::uint8_t kDurations = 1;     // Observation::duration bounds when it happened
inline constexpr std::uint8_t kErrors = 2;        // failures, by errno; without it only successes were seen
inline constexpr std::uint8_t kFields = 4;        // output fields
inline constexpr std::uint8_t kMessageFlags = 8;  // UFFD_PAGEFAULT_FLAG_* of fault messages
inline constexpr std::uint8_t kThreads = 16;      // Observation::thread is a thread, not a guess
}  // namespace recorded

struct Header {
  unsigned version = kFormatVersion;
  std::string producer{};  // "uffdsim import strace"
  std::string source{};    // the file it was made from, without its folder; may be empty
  Clock clock = Clock::none;
  std::uint8_t recorded = 0;  // recorded::k…
  friend bool operator==(const Header&, const Header&) = default;
};

}  // namespace traces
