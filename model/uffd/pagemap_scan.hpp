// SPDX-License-Identifier: Apache-2.0
// PAGEMAP_SCAN: which pages of a range are of certain categories, and, if it is asked to, their write
// protection in the same step. Sources: ioctl_pagemap_scan(2), uffd-semantics §16.
#pragma once
#include <array>
#include <type_traits>

#include "model/mm/mm.hpp"
#include "model/uffd/ioctl.hpp"
#include "model/uffd/pagemap_abi.hpp"

namespace model {

inline constexpr std::uint32_t kMostScanRegions = 4;  // that a reply holds

// The members of struct pm_scan_arg.
struct ScanRequest {
  VirtAddr start;
  std::uint64_t length = 0;
  std::uint64_t flags = 0;
  std::uint64_t vec_len = 0;    // regions, at most kMostScanRegions; 0: no buffer at all
  std::uint64_t max_pages = 0;  // 0: no limit
  std::uint64_t category_inverted = 0;
  std::uint64_t category_mask = 0;
  std::uint64_t category_anyof_mask = 0;
  std::uint64_t return_mask = 0;
  UserPointer argument = UserPointer::readable;
  std::array<std::uint8_t, 7> padding{};  // named, so that a copy takes it along
};
static_assert(std::has_unique_object_representations_v<ScanRequest>, "padding would tell equal worlds apart");

struct ScanRegion {
  AddrRange range;
  std::uint64_t categories = 0;
};

struct ScanReply {
  Errno error = Errno::none;
  FieldState walk_end_state = FieldState::untouched;
  std::array<std::uint8_t, 2> padding{};
  std::uint32_t count = 0;  // of the regions
  VirtAddr walk_end;        // up to where the range was looked at
  std::array<ScanRegion, kMostScanRegions> regions{};
};
static_assert(std::has_unique_object_representations_v<ScanReply>, "padding would tell equal worlds apart");

// When a page counts as written to: without its uffd-wp bit it may have been (any_mapping), or only if its
// mapping is registered for write protection, too (protected_mapping, since 7.3).
enum class WrittenIn : std::uint8_t { any_mapping, protected_mapping };

// Whether there is a page table where a page would be.
enum class LeafTable : std::uint8_t { missing, there };

// Whether it is asked for written pages only: Linux has a loop of its own for that.
constexpr bool asks_for_written_only(const ScanRequest& request) {
  return request.category_anyof_mask == 0 && request.category_inverted == 0 &&
         request.category_mask == abi::kPageIsWritten && request.return_mask == abi::kPageIsWritten;
}

// EFAULT, EINVAL; EPERM where PM_SCAN_CHECK_WPASYNC finds a mapping whose writes are not tracked: what lies
// before it has been scanned.
sim::Task<ScanReply> pagemap_scan(Mm& mm, ScanRequest request);
// Before 6.7. ENOTTY.
sim::Task<ScanReply> no_pagemap_scan(Mm& mm, ScanRequest request);

}  // namespace model
