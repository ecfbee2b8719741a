// SPDX-License-Identifier: Apache-2.0
// What an operation `scan` (PAGEMAP_SCAN) asks for, and the regions it answers with. Categories are the bits
// of the ABI: model/uffd/pagemap_abi.hpp.
#pragma once
#include <cstdint>
#include <vector>

#include "model/uffd/pagemap_abi.hpp"
#include "traces/value.hpp"

namespace traces {

// A value has room for four regions of at most 1,023 pages, in the first 1,024 pages of a program.
inline constexpr std::uint8_t kMostScanRegions = 4;
inline constexpr std::uint64_t kScannedPages = 1024;
inline constexpr std::uint16_t kScanCategories = 0x3ff;
inline constexpr std::uint32_t kMostScanPages = (1u << 20) - 1;  // Scan::most

struct Scan {
  std::uint16_t required = 0;                        // category_mask
  std::uint16_t any_of = 0;                          // category_anyof_mask
  std::uint16_t inverted = 0;                        // category_inverted: of those two
  std::uint16_t gives = model::abi::kPageIsWritten;  // return_mask
  std::uint32_t most = 0;                            // max_pages; 0: no limit
  std::uint8_t regions = kMostScanRegions;           // vec_len; 0: there is no buffer
  friend bool operator==(const Scan&, const Scan&) = default;
};
// As one number, for traces: ten bits for each set of categories, from the lowest; 20 bits `most`, 4
// `regions`.
std::uint64_t bits_of(const Scan& scan);
Scan scan_of(std::uint64_t bits);

struct ScannedRegion {
  model::AddrRange range;  // program addresses, whole pages
  std::uint16_t categories = 0;
  friend bool operator==(const ScannedRegion&, const ScannedRegion&) = default;
};
// The value of a scan that succeeded: its regions, and as its field how far it came, in bytes. Throws
// std::out_of_range if a value cannot hold that.
Value scanned(const std::vector<ScannedRegion>& regions, std::uint64_t walked);
std::vector<ScannedRegion> regions_of(const Value& value);
// Whether a value can hold it.
bool can_hold(const ScannedRegion& region);

}  // namespace traces
