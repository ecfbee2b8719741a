// SPDX-License-Identifier: Apache-2.0
// The address window: where program addresses lie in a real process. A kernel address is the program
// address plus one constant; the window is an area that nothing else in the process uses. Addresses at or
// above Layout::kTaskSize belong to no process and pass unchanged.
#pragma once
#include <cstdint>

#include "traces/layout.hpp"

namespace traces::window {

// Above AddressSanitizer's shadow, below every mapping that the kernel places by itself.
inline constexpr std::uint64_t kBase = 0x2000'0000'0000;
// Programs live in the first part; addresses that are valid but lie beyond it fold onto the second, which
// is always empty, so that an absurd range can never reach the process' own stack or heap.
inline constexpr std::uint64_t kSize = std::uint64_t{1} << 40;
inline constexpr std::uint64_t kTop = kBase + 2 * kSize;

struct Range {
  std::uint64_t start = 0;
  std::uint64_t length = 0;
};

// What to do with a range that ends above Layout::kTaskSize.
enum class Overhang : std::uint8_t {
  keep,  // the kernel is to see an end above the task's size, and refuse it
  pass,  // its length passes unchanged as far as it does not wrap: for mremap, which compares it with another
  clip,  // it ends in the empty part of the window: for madvise, which visits what it finds before it fails
};

std::uint64_t to_kernel(model::VirtAddr address);
Range to_kernel(Layout::Resolved range, Overhang overhang);
model::VirtAddr to_program(std::uint64_t address);

}  // namespace traces::window
