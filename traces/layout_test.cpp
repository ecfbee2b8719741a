// SPDX-License-Identifier: Apache-2.0
#include "traces/layout.hpp"

#include <gtest/gtest.h>

namespace traces {
namespace {

TEST(Layout, AnOperationThatActsNowhereNeedsNoRegion) {
  const Layout layout{Program{}};
  const Layout::Resolved range = layout.resolve(Operation{.kind = OperationKind::api}.range, Value{});
  EXPECT_EQ(range.start.value, 0u);
}

TEST(Layout, AnUnmappedPageStandsBeforeEachRegionButTheFirst) {
  Program program;
  program.regions = {{.name = "x"}, {.name = "y"}, {.name = "z", .placement = Region::Placement::adjacent}};
  const Layout layout{program};
  EXPECT_EQ(layout.region(0).end + model::PageCount{1}, layout.region(1).start);
  EXPECT_EQ(layout.region(1).end, layout.region(2).start);
  EXPECT_EQ(layout.name_of(layout.region(1).start), "y");
}

TEST(Layout, HugePagesBeginAtAMultipleOfTheirSize) {
  Program program;
  program.regions = {{.name = "x"}, {.name = "h", .pages = {2 * model::kPagesPerHugePage}}, {.name = "y"}};
  program.regions[1].backing.page_size = model::PageSize::huge;
  const Layout layout{program};
  const model::VirtAddr h = layout.region(1).start;
  EXPECT_TRUE(h.huge_page_aligned());
  EXPECT_EQ(layout.region(1).bytes(), 2 * model::kHugePageSize);
  EXPECT_EQ(layout.name_of(h + model::PageCount{513}), "h[1]+0x1000");
  EXPECT_EQ(layout.name_of(layout.region(1)), "h[0..2]");
  EXPECT_EQ(layout.name_of(layout.region(2).start), "y");
}

TEST(Layout, AFaultsRangeIsItsHugePage) {
  Program program;
  program.regions = {{.name = "h", .pages = {model::kPagesPerHugePage}}};
  program.regions[0].backing.page_size = model::PageSize::huge;
  const Layout layout{program};
  const model::VirtAddr h = layout.region(0).start;
  RangeExpression place{.base = RangeExpression::Base::message};
  place.length = RangeExpression::kWholeMessage;
  const Layout::Resolved range = layout.resolve(place, Value{.start = h.value + 0x12345});
  EXPECT_EQ(range.start, h);
  EXPECT_EQ(range.length, model::kHugePageSize);
}

}  // namespace
}  // namespace traces
