// SPDX-License-Identifier: Apache-2.0
#include "traces/scan.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace traces {
namespace {

ScannedRegion region(std::uint64_t first, std::uint64_t last, std::uint16_t categories) {
  return {{{first * model::kPageSize}, {last * model::kPageSize}}, categories};
}

TEST(Scan, AValueHoldsFourRegions) {
  const std::vector<ScannedRegion> regions{region(1, 2, 2), region(2, 3, 0x3ff), region(7, 1000, 0),
                                           region(1023, 1024, 8)};
  const Value value = scanned(regions, 0x5000);
  EXPECT_EQ(regions_of(value), regions);
  EXPECT_EQ(value.field, 0x5000);
  EXPECT_TRUE(regions_of(scanned({}, 0)).empty());
}

TEST(Scan, AValueHoldsNoMore) {
  EXPECT_FALSE(can_hold(region(1024, 1025, 0)));
  EXPECT_FALSE(can_hold(region(0, 1, 0)));
  EXPECT_THROW(scanned({region(1, 1026, 0)}, 0), std::out_of_range);
  EXPECT_THROW(scanned(std::vector<ScannedRegion>(5, region(1, 2, 0)), 0), std::out_of_range);
}

TEST(Scan, WhatItAsksForIsOneNumberInTraces) {
  const Scan scan{
      .required = 0x201, .any_of = 0x102, .inverted = 0x303, .gives = 0x3ff, .most = kMostScanPages};
  EXPECT_EQ(scan_of(bits_of(scan)), scan);
  EXPECT_EQ(scan_of(bits_of(Scan{})), Scan{});
}

}  // namespace
}  // namespace traces
