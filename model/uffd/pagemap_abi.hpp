// SPDX-License-Identifier: Apache-2.0
// The ABI of PAGEMAP_SCAN, the ioctl of /proc/PID/pagemap (Linux 6.7). <linux/fs.h> of Debian 12 is older and
// lacks all of it. Sources: <linux/fs.h> of Linux 6.18, and ioctl_pagemap_scan(2).
#pragma once
#include <linux/ioctl.h>

#include <cstdint>

namespace model::abi {

// Categories of a page (PAGE_IS_*).
inline constexpr std::uint16_t kPageIsWpallowed = 1u << 0;  // its writes are tracked: WP_ASYNC
inline constexpr std::uint16_t kPageIsWritten = 1u << 1;
inline constexpr std::uint16_t kPageIsFile = 1u << 2;
inline constexpr std::uint16_t kPageIsPresent = 1u << 3;
inline constexpr std::uint16_t kPageIsSwapped = 1u << 4;
inline constexpr std::uint16_t kPageIsPfnzero = 1u << 5;
inline constexpr std::uint16_t kPageIsHuge = 1u << 6;
inline constexpr std::uint16_t kPageIsSoftDirty = 1u << 7;
inline constexpr std::uint16_t kPageIsGuard = 1u << 8;     // 6.15
inline constexpr std::uint16_t kPageIsAccessed = 1u << 9;  // 7.3

// Flags.
inline constexpr std::uint64_t kPmScanWpMatching = 1u << 0;
inline constexpr std::uint64_t kPmScanCheckWpasync = 1u << 1;

struct PageRegion {
  std::uint64_t start, end, categories;
};
struct PmScanArgument {
  std::uint64_t size, flags;
  std::uint64_t start, end, walk_end;
  std::uint64_t vec, vec_len;
  std::uint64_t max_pages;
  std::uint64_t category_inverted, category_mask, category_anyof_mask, return_mask;
};
inline constexpr unsigned long kPagemapScanRequest = _IOWR('f', 16, PmScanArgument);

}  // namespace model::abi
