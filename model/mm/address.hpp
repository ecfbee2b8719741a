// SPDX-License-Identifier: Apache-2.0
// Addresses, frame numbers and counts that the compiler keeps apart.
#pragma once
#include <compare>
#include <cstdint>

namespace model {

inline constexpr unsigned kPageShift = 12;
inline constexpr std::uint64_t kPageSize = std::uint64_t{1} << kPageShift;
inline constexpr std::uint64_t kPageMask = ~(kPageSize - 1);

// A number of base pages.
struct PageCount {
  std::uint64_t value = 0;
  friend constexpr auto operator<=>(PageCount, PageCount) = default;
  constexpr std::uint64_t bytes() const { return value << kPageShift; }
};

// A page frame number of the simulated machine.
struct Pfn {
  std::uint32_t value = 0;
  friend constexpr auto operator<=>(Pfn, Pfn) = default;
};

// A byte address in a simulated process.
struct VirtAddr {
  std::uint64_t value = 0;
  friend constexpr auto operator<=>(VirtAddr, VirtAddr) = default;
  constexpr VirtAddr page() const { return {value & kPageMask}; }
  constexpr std::uint64_t page_number() const { return value >> kPageShift; }
  constexpr bool page_aligned() const { return (value & ~kPageMask) == 0; }
  friend constexpr VirtAddr operator+(VirtAddr a, PageCount n) { return {a.value + n.bytes()}; }
  friend constexpr VirtAddr operator-(VirtAddr a, PageCount n) { return {a.value - n.bytes()}; }
  friend constexpr std::uint64_t operator-(VirtAddr a, VirtAddr b) { return a.value - b.value; }
};

// Bytes [start, end): what the kernel calls a range, after its checks have passed.
struct AddrRange {
  VirtAddr start;
  VirtAddr end;
  friend constexpr auto operator<=>(const AddrRange&, const AddrRange&) = default;
  constexpr bool empty() const { return start >= end; }
  constexpr std::uint64_t bytes() const { return end - start; }
  constexpr PageCount pages() const { return {bytes() >> kPageShift}; }
  constexpr bool contains(VirtAddr a) const { return start <= a && a < end; }
  constexpr bool overlaps(AddrRange other) const { return start < other.end && other.start < end; }
};

}  // namespace model
