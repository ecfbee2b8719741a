// SPDX-License-Identifier: Apache-2.0
#include "model/syscalls/syscalls.hpp"

#include <sys/mman.h>

#include "model/fault/access.hpp"
#include "model/one_thread_for_test.hpp"
#include "model/uffd/range.hpp"

namespace model {
namespace {

Touched touch(OneThread& one, VirtAddr address, Access access, char content = 0) {
  return one.run([&] { return touch_memory(one.mm(), address, access, Mode::user, content); });
}

TEST(Mprotect, ReadOnlyRefusesTheStoreAndWritableAllowsItAgain) {
  OneThread one;
  EXPECT_EQ(one.map(page(1), {1}), Errno::none);
  EXPECT_EQ(touch(one, page(1), Access::write, 'A').how, Touched::How::done);
  EXPECT_EQ(one.run([&] { return sys_mprotect(one.process(), page(1), kPageSize, kProtectRead); }),
            Errno::none);
  EXPECT_EQ(touch(one, page(1), Access::write, 'B').how, Touched::How::sigsegv);
  EXPECT_EQ(touch(one, page(1), Access::read).content, 'A');
  const std::uint8_t both = kProtectRead | kProtectWrite;
  EXPECT_EQ(one.run([&] { return sys_mprotect(one.process(), page(1), kPageSize, both); }), Errno::none);
  EXPECT_EQ(touch(one, page(1), Access::write, 'B').how, Touched::How::done);
}

TEST(Mprotect, ChangesWhatLiesBeforeAHoleAndThenSaysENOMEM) {
  OneThread one;
  EXPECT_EQ(one.map(page(1), {1}), Errno::none);
  EXPECT_EQ(one.run([&] { return sys_mprotect(one.process(), page(1), 2 * kPageSize, kProtectRead); }),
            Errno::nomem);
  EXPECT_EQ(touch(one, page(1), Access::write).how, Touched::How::sigsegv);
}

TEST(Madvise, DontneedEmptiesThePage) {
  OneThread one;
  EXPECT_EQ(one.map(page(1), {1}), Errno::none);
  EXPECT_EQ(touch(one, page(1), Access::write, 'A').how, Touched::How::done);
  EXPECT_EQ(one.run([&] { return sys_madvise(one.process(), page(1), kPageSize, MADV_DONTNEED); }),
            Errno::none);
  EXPECT_EQ(one.machine().system.memory.used_frames(), 0u);
  EXPECT_EQ(touch(one, page(1), Access::read).content, '\0');
}

TEST(Madvise, ReportsAHoleAfterDoingTheRest) {
  OneThread one;
  EXPECT_EQ(one.map(page(2), {1}), Errno::none);
  EXPECT_EQ(touch(one, page(2), Access::write, 'A').how, Touched::How::done);
  EXPECT_EQ(one.run([&] { return sys_madvise(one.process(), page(1), 3 * kPageSize, MADV_DONTNEED); }),
            Errno::nomem);
  EXPECT_EQ(one.machine().system.memory.used_frames(), 0u);
}

TEST(Mmap, AHintThatIsTakenGetsTheHighestGap) {
  OneThread one;
  EXPECT_EQ(one.map(page(1), {1}), Errno::none);
  const Result<VirtAddr> at = one.run(
      [&] { return sys_mmap(one.process(), page(1), 2 * kPageSize, kProtectRead, MapPlacement::hint); });
  ASSERT_TRUE(at);
  EXPECT_EQ(*at, one.mm().page_tables.limit() - PageCount{2});
}

TEST(Mmap, RefusesInTheKernelsOrder) {
  OneThread one;
  const auto map_at = [&](VirtAddr start, std::uint64_t length) {
    return one.run([&] { return sys_mmap(one.process(), start, length, kProtectRead, MapPlacement::fixed); })
        .error();
  };
  EXPECT_EQ(map_at(page(1), 0), Errno::inval);
  EXPECT_EQ(map_at(page(1), ~std::uint64_t{0}), Errno::nomem);
  EXPECT_EQ(map_at({1}, kTaskSize.value), Errno::nomem);  // too long, before misaligned
  EXPECT_EQ(map_at({1}, kPageSize), Errno::inval);
}

TEST(Mmap, FixedReplacesWhatWasThere) {
  OneThread one;
  EXPECT_EQ(one.map(page(1), {2}), Errno::none);
  EXPECT_EQ(touch(one, page(1), Access::write, 'A').how, Touched::How::done);
  EXPECT_EQ(one.map(page(1), {1}), Errno::none);
  EXPECT_EQ(touch(one, page(1), Access::read).content, '\0');
}

TEST(Touch, WhatMayBeWrittenCanBeRead) {
  OneThread one;
  EXPECT_EQ(one.map(page(1), {1}, kProtectWrite), Errno::none);
  EXPECT_EQ(touch(one, page(1), Access::read).how, Touched::How::done);
  EXPECT_EQ(one.map(page(1), {1}, 0), Errno::none);
  EXPECT_EQ(touch(one, page(1), Access::read).how, Touched::How::sigsegv);
}

TEST(Zeropage, IntoAMappingWithoutAccessStaysOutOfReach) {
  OneThread one;
  EXPECT_EQ(one.map(page(1), {1}, 0), Errno::none);
  one.open_uffd();
  EXPECT_EQ(one.arm(page(1), {1}).error, Errno::none);
  const RangeRequest request{page(1), kPageSize, 0, UserPointer::readable};
  EXPECT_EQ(one.run([&] { return userfaultfd_zeropage(one.ctx(), request); }).error, Errno::none);
  EXPECT_EQ(touch(one, page(1), Access::read).how, Touched::How::sigsegv);
}

TEST(Touch, NothingMappedIsSIGSEGV) {
  OneThread one;
  EXPECT_EQ(touch(one, page(5), Access::read).how, Touched::How::sigsegv);
}

TEST(Exit, LeavesNothingBehind) {
  OneThread one;
  EXPECT_EQ(one.map(page(1), {4}), Errno::none);
  EXPECT_EQ(touch(one, page(1), Access::write, 'A').how, Touched::How::done);
  one.open_uffd();
  EXPECT_EQ(one.arm(page(2), {2}).error, Errno::none);
  one.run([&] { return sys_exit_group(one.process()); });
  one.run([&] { return do_exit(one.process()); });
  EXPECT_EQ(one.machine().system.memory.used_frames(), 0u);
  EXPECT_EQ(one.machine().contexts.alive(), 0u);
  EXPECT_EQ(one.machine().system.vma_cache.alive(), 0u);
  EXPECT_EQ(one.mm().page_tables.tables_in_use(), 0u);
}

}  // namespace
}  // namespace model
