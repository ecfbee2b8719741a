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

}  // namespace
}  // namespace traces
