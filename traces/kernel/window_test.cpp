// SPDX-License-Identifier: Apache-2.0
#include "traces/kernel/window.hpp"

#include <gtest/gtest.h>

namespace traces::window {
namespace {

constexpr std::uint64_t kTask = Layout::kTaskSize.value;

TEST(WindowTest, ProgramAddressesAreShifted) {
  EXPECT_EQ(to_kernel(model::VirtAddr{0x1123}), kBase + 0x1123);
  EXPECT_EQ(to_program(kBase + 0x1123).value, 0x1123u);
}

TEST(WindowTest, AddressesOfNoProcessPassUnchanged) {
  EXPECT_EQ(to_kernel(model::VirtAddr{kTask}), kTask);
  EXPECT_EQ(to_kernel(model::VirtAddr{~std::uint64_t{0}}), ~std::uint64_t{0});
  EXPECT_EQ(to_kernel({{kTask}, 0x1000}, Overhang::keep).length, 0x1000u);
}

TEST(WindowTest, ValidAddressesBeyondTheWindowFoldOntoItsEmptyPart) {
  const std::uint64_t folded = to_kernel(model::VirtAddr{kTask - 0xfff});
  EXPECT_EQ(folded, kBase + kSize + 1);
}

TEST(WindowTest, ARangeThatWrapsStillWraps) {
  const Range range = to_kernel({{0x1000}, ~std::uint64_t{0xfff}}, Overhang::keep);
  EXPECT_EQ(range.length, ~std::uint64_t{0xfff});
}

TEST(WindowTest, ARangeThatWrapsOnceItsLengthIsRoundedWraps) {
  const std::uint64_t length =
      ~std::uint64_t{0} - 0x1370;  // the end does not wrap, the next page's start does
  EXPECT_EQ(to_kernel({{0x1000}, length}, Overhang::clip).length, length);
}

TEST(WindowTest, AnEndAboveTheTaskSizeIsKept) {
  const Range range = to_kernel({{0x1000}, kTask}, Overhang::keep);
  EXPECT_EQ(range.start + range.length, kTask + 0x1000);
}

TEST(WindowTest, ALengthThatIsComparedWithAnotherPassesIfItDoesNotWrap) {
  EXPECT_EQ(to_kernel({{0x1000}, kTask}, Overhang::pass).length, kTask);
  const Range longest = to_kernel({{0x1000}, ~std::uint64_t{0x4fff}}, Overhang::pass);
  EXPECT_GT(longest.start + longest.length, longest.start);
  EXPECT_GT(longest.length, kTask);
}

TEST(WindowTest, LongRangesEndInsideTheWindowAndKeepTheirMisalignment) {
  for (const Overhang overhang : {Overhang::keep, Overhang::clip}) {
    const Range range = to_kernel({{0x1000}, (std::uint64_t{1} << 46) + 0x123}, overhang);
    EXPECT_LT(range.start + range.length, kTop);
    EXPECT_GT(range.start + range.length, kBase + kSize);
    EXPECT_EQ(range.length & 0xfff, 0x123u);
  }
  const Range clipped = to_kernel({{0x1000}, kTask}, Overhang::clip);
  EXPECT_LT(clipped.start + clipped.length, kTop);
}

TEST(WindowTest, AnEndAtTheTopIsTheProgramsToo) {
  EXPECT_EQ(to_program(kTop), (model::VirtAddr{2 * kSize}));
  EXPECT_EQ(to_program(kTop + 1), (model::VirtAddr{kTop + 1}));
}

}  // namespace
}  // namespace traces::window
