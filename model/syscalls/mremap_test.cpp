// SPDX-License-Identifier: Apache-2.0
#include <sys/mman.h>

#include "model/fault/access.hpp"
#include "model/one_thread_for_test.hpp"

namespace model {
namespace {

Result<VirtAddr> remap(OneThread& one, MremapRequest request) {
  return one.run([&] { return sys_mremap(one.process(), request); });
}

Touched touch(OneThread& one, VirtAddr address, Access access, char content = 0) {
  return one.run([&] { return touch_memory(one.mm(), address, access, Mode::user, content); });
}

// Pages 1 to 8 hold letters; two page tables.
void fill(OneThread& one) {
  ASSERT_EQ(one.map(page(1), {8}), Errno::none);
  for (std::uint64_t i = 1; i <= 8; ++i) touch(one, page(i), Access::write, static_cast<char>('A' + i));
}

TEST(Mremap, MovesAcrossPageTables) {
  OneThread one;
  fill(one);
  const MremapRequest request{page(2), 6 * kPageSize, 6 * kPageSize, MREMAP_MAYMOVE | MREMAP_FIXED, page(33)};
  EXPECT_EQ(remap(one, request), page(33));
  for (std::uint64_t i = 2; i < 8; ++i) {
    EXPECT_EQ(touch(one, page(i + 31), Access::read).content, static_cast<char>('A' + i));
    EXPECT_EQ(touch(one, page(i), Access::read).how, Touched::How::sigsegv);
  }
  EXPECT_EQ(touch(one, page(1), Access::read).content, 'B');
  EXPECT_EQ(touch(one, page(8), Access::read).content, 'I');
}

TEST(Mremap, WhereNobodyCaresItGoesToTheTop) {
  OneThread one;
  fill(one);
  const Result<VirtAddr> at =
      remap(one, {page(1), 8 * kPageSize, 8 * kPageSize, MREMAP_MAYMOVE | MREMAP_DONTUNMAP});
  ASSERT_TRUE(at);
  EXPECT_EQ(*at + PageCount{8}, one.mm().page_tables.limit());
  EXPECT_EQ(touch(one, *at, Access::read).content, 'B');
  EXPECT_EQ(touch(one, page(1), Access::read).content, 0) << "the old mapping is empty";
}

TEST(Mremap, GrowsAndShrinksInPlace) {
  OneThread one;
  fill(one);
  EXPECT_EQ(remap(one, {page(1), 8 * kPageSize, 10 * kPageSize, 0}), page(1));
  EXPECT_EQ(touch(one, page(10), Access::write, 'X').how, Touched::How::done);
  EXPECT_EQ(remap(one, {page(1), 10 * kPageSize, kPageSize, 0}), page(1));
  EXPECT_EQ(touch(one, page(2), Access::read).how, Touched::How::sigsegv);
  EXPECT_EQ(one.machine().system.memory.used_frames(), 1u);
}

TEST(Mremap, ThereAndBackIsOneMapping) {
  OneThread one;
  fill(one);
  constexpr std::uint64_t kMove = MREMAP_MAYMOVE | MREMAP_FIXED;
  EXPECT_EQ(remap(one, {page(3), kPageSize, kPageSize, kMove, page(40)}), page(40));
  EXPECT_EQ(one.machine().system.vma_cache.alive(), 3u);
  EXPECT_EQ(remap(one, {page(40), kPageSize, kPageSize, kMove, page(3)}), page(3));
  EXPECT_EQ(one.machine().system.vma_cache.alive(), 1u);
  EXPECT_EQ(touch(one, page(3), Access::read).content, 'D');
}

}  // namespace
}  // namespace model
