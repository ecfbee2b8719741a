// SPDX-License-Identifier: Apache-2.0
// Addresses, frame numbers and counts that the compiler keeps apart.
#pragma once
#include <compare>
#include <cstdint>

namespace model {

inline constexpr unsigned kPageShift = 12;
inline constexpr std::uint64_t kPageSize = std::uint64_t{1} << kPageShift;
inline constexpr std::uint64_t kPageMask = ~(kPageSize - 1);

// A huge page: what one entry of the level above the leaf tables maps.
inline constexpr unsigned kHugePageShift = 21;
inline constexpr std::uint64_t kHugePageSize = std::uint64_t{1} << kHugePageShift;
inline constexpr std::uint64_t kPagesPerHugePage = kHugePageSize / kPageSize;

// The two sizes of page that a mapping can be made of.
enum class PageSize : std::uint8_t { base, huge };
constexpr std::uint64_t bytes_of(PageSize size) { return size == PageSize::huge ? kHugePageSize : kPageSize; }

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
  // The start of the huge page it lies in.
  constexpr VirtAddr huge_page() const { return {value & ~(kHugePageSize - 1)}; }
  constexpr std::uint64_t page_number() const { return value >> kPageShift; }
  constexpr bool page_aligned() const { return (value & ~kPageMask) == 0; }
  constexpr bool huge_page_aligned() const { return value % kHugePageSize == 0; }
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
