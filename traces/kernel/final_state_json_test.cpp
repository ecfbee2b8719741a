// SPDX-License-Identifier: Apache-2.0
#include "traces/kernel/final_state_json.hpp"

#include <gtest/gtest.h>

namespace traces {
namespace {

TEST(FinalStateJsonTest, AHistogramComesBackWhole) {
  FinalState state;
  Value message{.kind = ValueKind::message, .event = 0x12, .flags = 1, .thread = 2};
  message.start = 0x1000;
  state.threads = {{ThreadEnd::blocked, {Value::letter('\xff'), message, {}}},
                   {ThreadEnd::spins, {Value::with_field(model::Errno::exist, -17)}}};
  state.pages = {{{PageState::unmapped, 0}, {PageState::missing, 0}, {PageState::present, '\xfe'}}, {}};
  state.files = {{{PageState::present, 'F'}, {PageState::missing, 0}, {PageState::unmapped, 0}}};
  state.uffds = {{true, 1, 2}, {}};
  state.variables = {~std::uint64_t{0}};
  state.exited = true;
  state.kernel_bug = "a \"bug\"";
  Histogram histogram;
  histogram.kernel = "6.18";
  histogram.rows.push_back({state, 7});
  histogram.iterations = 7;
  histogram.undecided = 1;
  histogram.reasons = {"why"};
  const std::string text = to_json_text(histogram);
  const Histogram back = histogram_from_json(text);
  EXPECT_EQ(to_json_text(back), text);
  ASSERT_EQ(back.rows.size(), 1u);
  const FinalState& read = back.rows[0].state;
  EXPECT_EQ(read.threads[0].registers[1], message);
  EXPECT_EQ(read.threads[1].registers[0], Value::with_field(model::Errno::exist, -17));
  EXPECT_EQ(read.threads[1].end, ThreadEnd::spins);
  EXPECT_EQ(read.pages[0][2].content, '\xfe');
  EXPECT_EQ(read.pages[0][1].state, PageState::missing);
  EXPECT_EQ(read.files, state.files);
  EXPECT_EQ(read.variables[0], ~std::uint64_t{0});
  EXPECT_EQ(read.kernel_bug, state.kernel_bug);
  EXPECT_EQ(final_state_from_json(to_json_text(state)).exited, true);
}

}  // namespace
}  // namespace traces
