// SPDX-License-Identifier: Apache-2.0
#include "model/mm/hugetlb.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>

#include "model/fault/access.hpp"
#include "model/one_thread_for_test.hpp"

namespace model {
namespace {

constexpr std::uint8_t kReadWrite = kProtectRead | kProtectWrite;

// A pool of three pages.
struct Hugetlb : testing::Test {
  explicit Hugetlb(const Kernel& kernel = default_kernel()) : one(kernel, std::uint32_t{3}) {}

  Errno map(VirtAddr start, std::uint64_t pages, Sharing sharing, std::uint8_t protection = kReadWrite) {
    MapObject object{.sharing = sharing, .page_size = PageSize::huge};
    const Result<VirtAddr> at = one.run([&] {
      return sys_mmap(one.process(), start, pages * kHugePageSize, protection, MapPlacement::fixed, object);
    });
    return at ? Errno::none : at.error();
  }
  Touched touch(VirtAddr at, Access access, char letter = 0) {
    return one.run([&] { return touch_memory(one.mm(), at, access, Mode::user, letter); });
  }
  const HugePool& pool() { return one.machine().system.memory.peek_huge_pool(); }

  OneThread one;
};

TEST_F(Hugetlb, OneEntryMapsAWholeHugePage) {
  ASSERT_EQ(map(huge_page(1), 2, Sharing::private_), Errno::none);
  EXPECT_EQ(touch(VirtAddr{huge_page(1).value + 0x3000}, Access::write, 'A').how, Touched::How::done);
  EXPECT_TRUE(one.mm().page_tables.walk(huge_page(1)).pte_huge());
  EXPECT_EQ(touch(huge_page(2) - PageCount{1}, Access::read).content, 'A');
  EXPECT_TRUE(one.mm().page_tables.walk(huge_page(2)).pte_none());
  EXPECT_EQ(one.mm().page_tables.tables_in_use(), 3u) << "no leaf table";
}

TEST_F(Hugetlb, MappingPromisesAndTouchingTakes) {
  ASSERT_EQ(map(huge_page(1), 2, Sharing::private_), Errno::none);
  EXPECT_EQ(pool().reserved, 2);
  EXPECT_EQ(pool().free, 3u);
  touch(huge_page(1), Access::read);
  EXPECT_EQ(pool().reserved, 1);
  EXPECT_EQ(pool().free, 2u);
  EXPECT_EQ(map(huge_page(4), 2, Sharing::shared), Errno::nomem) << "one is left that nobody was promised";
}

TEST_F(Hugetlb, UnmappingGivesBackWhatWasTakenAndWhatWasPromised) {
  for (const Sharing sharing : {Sharing::private_, Sharing::shared}) {
    ASSERT_EQ(map(huge_page(1), 2, sharing), Errno::none);
    touch(huge_page(1), Access::write, 'A');
    EXPECT_EQ(one.run([&] { return sys_munmap(one.process(), huge_page(1), 2 * kHugePageSize); }),
              Errno::none);
    EXPECT_EQ(pool().free, 3u);
    EXPECT_EQ(pool().reserved, 0);
  }
}

TEST_F(Hugetlb, HalvesOfASplitMappingGiveBackTheirOwn) {
  ASSERT_EQ(map(huge_page(1), 3, Sharing::private_), Errno::none);
  touch(huge_page(2), Access::write, 'A');
  EXPECT_EQ(one.run([&] { return sys_munmap(one.process(), huge_page(2), kHugePageSize); }), Errno::none);
  EXPECT_EQ(pool().reserved, 2);
  EXPECT_EQ(pool().free, 3u);
  EXPECT_EQ(one.run([&] { return sys_munmap(one.process(), huge_page(3), kHugePageSize); }), Errno::none);
  EXPECT_EQ(pool().reserved, 1);
}

TEST_F(Hugetlb, APartOfAHugePageCannotBeUnmapped) {
  ASSERT_EQ(map(huge_page(1), 2, Sharing::private_), Errno::none);
  EXPECT_EQ(one.run([&] { return sys_munmap(one.process(), huge_page(1), kPageSize); }), Errno::inval);
  EXPECT_EQ(one.run([&] { return sys_mprotect(one.process(), page(600), kPageSize, kProtectRead); }),
            Errno::inval);
}

TEST_F(Hugetlb, DontneedGivesTheWholePageAndItsPromiseBack) {
  ASSERT_EQ(map(huge_page(1), 1, Sharing::private_), Errno::none);
  touch(huge_page(1), Access::write, 'A');
  const auto dontneed = [&](std::uint64_t length) {
    return one.run([&] { return sys_madvise(one.process(), huge_page(1), length, MADV_DONTNEED); });
  };
  EXPECT_EQ(dontneed(kPageSize), Errno::none);
  EXPECT_EQ(pool().free, 2u) << "a part of it is left alone";
  EXPECT_EQ(dontneed(kHugePageSize), Errno::none);
  EXPECT_EQ(pool().free, 3u);
  EXPECT_EQ(pool().reserved, 1);
}

struct HugetlbFile : Hugetlb {
  HugetlbFile() {
    sys_memfd_create(one.process(), 0, PageSize::huge);
    EXPECT_EQ(truncate(2 * kPagesPerHugePage), Errno::none);
  }
  Errno truncate(std::uint64_t pages) {
    return one.run([&] { return sys_ftruncate(one.process(), 0, pages); });
  }
  void map_file(VirtAddr start, std::uint64_t pages, Sharing sharing) {
    const Result<VirtAddr> at = one.run([&] {
      return sys_mmap(one.process(), start, pages * kHugePageSize, kReadWrite, MapPlacement::fixed,
                      {.sharing = sharing, .memfd = 0});
    });
    EXPECT_TRUE(at.has_value());
  }
};

TEST_F(HugetlbFile, IsOfWholeHugePagesAndCannotBeWrittenTo) {
  EXPECT_EQ(truncate(3), Errno::inval);
  const CopySource letters{.letters = "A", .count = 1};
  EXPECT_EQ(one.run([&] { return sys_pwrite(one.process(), 0, 0, 1, letters); }), Errno::inval);
}

TEST_F(HugetlbFile, AWritableMappingMakesItLonger) {
  map_file(huge_page(1), 3, Sharing::shared);
  EXPECT_EQ(one.process().memfds[0].peek()->i_size.peek(), 3 * kPagesPerHugePage);
}

TEST_F(HugetlbFile, AHoleIsMissingEverywhereAndItsPromiseIsGone) {
  map_file(huge_page(1), 1, Sharing::shared);
  map_file(huge_page(3), 1, Sharing::private_);
  touch(huge_page(1), Access::write, 'F');
  touch(huge_page(3), Access::write, 'P');
  EXPECT_EQ(pool().free, 1u);
  EXPECT_EQ(one.run([&] { return sys_fallocate_punch(one.process(), 0, 0, kPagesPerHugePage); }),
            Errno::none);
  EXPECT_EQ(pool().free, 3u);
  EXPECT_EQ(touch(huge_page(1), Access::read).content, 0);
  EXPECT_EQ(touch(huge_page(3), Access::read).content, 0);
}

TEST_F(HugetlbFile, BeyondTheEndATouchIsSigbus) {
  map_file(huge_page(1), 2, Sharing::shared);
  EXPECT_EQ(truncate(kPagesPerHugePage), Errno::none);
  EXPECT_EQ(touch(huge_page(2), Access::read).how, Touched::How::sigbus);
  EXPECT_EQ(touch(huge_page(1), Access::read).how, Touched::How::done);
}

TEST(HugetlbOn61, DontneedLosesThePromise) {
  OneThread one(linux_6_1, std::uint32_t{1});
  const MapObject object{.page_size = PageSize::huge};
  one.run([&] {
    return sys_mmap(one.process(), huge_page(1), kHugePageSize, kReadWrite, MapPlacement::fixed, object);
  });
  one.run([&] { return touch_memory(one.mm(), huge_page(1), Access::write, Mode::user, 'A'); });
  one.run([&] { return sys_madvise(one.process(), huge_page(1), kHugePageSize, MADV_DONTNEED); });
  EXPECT_EQ(one.machine().system.memory.peek_huge_pool().reserved, 0);
}

}  // namespace
}  // namespace model
