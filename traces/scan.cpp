// SPDX-License-Identifier: Apache-2.0
#include "traces/scan.hpp"

#include <stdexcept>

namespace traces {
namespace {

// A region is 32 bits of Value::start, then Value::end: ten for its first page, ten for their number, ten for
// the categories.
constexpr unsigned kBits = 10;
constexpr std::uint64_t kMask = (std::uint64_t{1} << kBits) - 1;

std::uint64_t packed(const ScannedRegion& region) {
  if (!can_hold(region)) throw std::out_of_range("a scan found a region that no value can hold");
  return region.range.start.page_number() | region.range.pages().value << kBits |
         std::uint64_t{region.categories} << 2 * kBits;
}

ScannedRegion unpacked(std::uint64_t bits) {
  const model::VirtAddr start{(bits & kMask) << model::kPageShift};
  const model::PageCount pages{bits >> kBits & kMask};
  return {{start, start + pages}, static_cast<std::uint16_t>(bits >> 2 * kBits & kMask)};
}

}  // namespace

std::uint64_t bits_of(const Scan& scan) {
  return scan.required | std::uint64_t{scan.any_of} << kBits | std::uint64_t{scan.inverted} << 2 * kBits |
         std::uint64_t{scan.gives} << 3 * kBits | std::uint64_t{scan.most} << 4 * kBits |
         std::uint64_t{scan.regions} << 60;
}

Scan scan_of(std::uint64_t bits) {
  const auto categories = [bits](unsigned at) { return static_cast<std::uint16_t>(bits >> at & kMask); };
  return {.required = categories(0),
          .any_of = categories(kBits),
          .inverted = categories(2 * kBits),
          .gives = categories(3 * kBits),
          .most = static_cast<std::uint32_t>(bits >> 4 * kBits & kMostScanPages),
          .regions = static_cast<std::uint8_t>(bits >> 60)};
}

bool can_hold(const ScannedRegion& region) {
  return region.range.end.page_number() <= kScannedPages && region.range.start < region.range.end &&
         region.range.start.value != 0 && region.categories <= kScanCategories;
}

Value scanned(const std::vector<ScannedRegion>& regions, std::uint64_t walked) {
  if (regions.size() > kMostScanRegions)
    throw std::out_of_range("a scan found more regions than a value holds");
  Value value{.kind = ValueKind::scan,
              .small = static_cast<std::uint8_t>(regions.size()),
              .field_state = FieldState::written,
              .field = static_cast<std::int64_t>(walked)};
  for (std::size_t i = 0; i < regions.size(); ++i) {
    (i < 2 ? value.start : value.end) |= packed(regions[i]) << (i % 2 * 32);
  }
  return value;
}

std::vector<ScannedRegion> regions_of(const Value& value) {
  std::vector<ScannedRegion> regions;
  for (std::size_t i = 0; i < value.small; ++i) {
    regions.push_back(unpacked((i < 2 ? value.start : value.end) >> (i % 2 * 32)));
  }
  return regions;
}

}  // namespace traces
