// SPDX-License-Identifier: Apache-2.0
#include "traces/kernel/window.hpp"

namespace traces::window {
namespace {

// The longest length up to `room` with the same offset within a page, which decides what is misaligned.
std::uint64_t clipped(std::uint64_t length, std::uint64_t room) {
  if (length <= room) return length;
  const std::uint64_t offset = length & ~model::kPageMask;
  return (room & model::kPageMask) - model::kPageSize + offset;
}

}  // namespace

std::uint64_t to_kernel(model::VirtAddr address) {
  if (address >= Layout::kTaskSize) return address.value;
  if (address.value < kSize) return kBase + address.value;
  return kBase + kSize + (address.value & ~model::kPageMask);
}

Range to_kernel(Layout::Resolved range, Overhang overhang) {
  const std::uint64_t start = to_kernel(range.start);
  const std::uint64_t end = range.start.value + range.length;
  // The system calls round the length up first.
  const std::uint64_t rounded_end =
      range.start.value + ((range.length + model::kPageSize - 1) & model::kPageMask);
  const bool wraps = end < range.start.value || rounded_end < end;
  if (range.start >= Layout::kTaskSize || wraps) return {start, range.length};
  if (end > Layout::kTaskSize.value && overhang == Overhang::keep) return {start, end - start};
  if (end > Layout::kTaskSize.value && overhang == Overhang::pass) {
    constexpr std::uint64_t kHighest = ~std::uint64_t{0} - 2 * model::kPageSize;
    return {start, clipped(range.length, kHighest - start)};
  }
  return {start, clipped(range.length, kTop - start)};
}

model::VirtAddr to_program(std::uint64_t address) {
  if (address >= kBase && address <= kTop) return {address - kBase};  // also the end of a range
  return {address};
}

}  // namespace traces::window
