// SPDX-License-Identifier: Apache-2.0
#include "model/uffd/hugetlb_mfill.hpp"

#include <gtest/gtest.h>

#include "model/fault/access.hpp"
#include "model/one_thread_for_test.hpp"

namespace model {
namespace {

// Two huge pages, registered.
struct HugetlbMfill : testing::TestWithParam<Sharing> {
  HugetlbMfill() : one(default_kernel(), std::uint32_t{4}) {
    const MapObject object{.sharing = GetParam(), .page_size = PageSize::huge};
    const Result<VirtAddr> at = one.run([&] {
      return sys_mmap(one.process(), huge_page(1), 2 * kHugePageSize, kProtectRead | kProtectWrite,
                      MapPlacement::fixed, object);
    });
    EXPECT_TRUE(at.has_value());
    one.open_uffd();
    const IoctlReply armed =
        one.arm(huge_page(1), {2 * kPagesPerHugePage},
                UFFDIO_REGISTER_MODE_MISSING | UFFDIO_REGISTER_MODE_WP | UFFDIO_REGISTER_MODE_MINOR);
    EXPECT_EQ(armed.field, 0x1cc);
  }
  IoctlReply copy(VirtAddr start, std::uint64_t length, std::uint64_t mode = 0) {
    const CopySource letters{.letters = "AB", .count = 2, .letter_for = PageSize::huge};
    return one.run([&] { return userfaultfd_copy(one.ctx(), one.mm(), {start, length, mode}, letters); });
  }
  template <class Ioctl>
  IoctlReply call(Ioctl ioctl, VirtAddr start, std::uint64_t length, std::uint64_t mode = 0) {
    return one.run([&] { return ioctl(one.ctx(), RangeRequest{start, length, mode}); });
  }
  Pte leaf(std::uint64_t n) { return one.mm().page_tables.walk(huge_page(n)); }
  char content(std::uint64_t n) {
    return one.machine().system.memory.folio_at(leaf(n).pte_pfn()).state.peek().content;
  }

  OneThread one;
};

TEST_P(HugetlbMfill, CopyFillsWholePages) {
  const IoctlReply reply = copy(huge_page(1), 2 * kHugePageSize);
  EXPECT_EQ(reply.error, Errno::none);
  EXPECT_EQ(reply.field, static_cast<std::int64_t>(2 * kHugePageSize));
  EXPECT_EQ(content(1), 'A');
  EXPECT_EQ(content(2), 'B');
  EXPECT_EQ(copy(huge_page(1), kHugePageSize).error, Errno::exist);
}

TEST_P(HugetlbMfill, NothingIsDoneToAPart) {
  EXPECT_EQ(copy(huge_page(1), kPageSize).error, Errno::inval);
  EXPECT_EQ(copy(huge_page(1) + PageCount{1}, kHugePageSize).error, Errno::inval);
  EXPECT_EQ(call(userfaultfd_poison, huge_page(1), kPageSize).error, Errno::inval);
  EXPECT_EQ(call(userfaultfd_continue, huge_page(1), kPageSize).error, Errno::inval);
  EXPECT_EQ(call(userfaultfd_writeprotect, huge_page(1), kPageSize, UFFDIO_WRITEPROTECT_MODE_WP).error,
            Errno::inval);
}

TEST_P(HugetlbMfill, ThereIsNoHugeZeroPage) {
  const IoctlReply reply = call(userfaultfd_zeropage, huge_page(1), kHugePageSize);
  EXPECT_EQ(reply.error, Errno::inval);
  EXPECT_EQ(reply.field, -EINVAL);
}

TEST_P(HugetlbMfill, CopyReplacesPoison) {
  EXPECT_EQ(call(userfaultfd_poison, huge_page(1), kHugePageSize).error, Errno::none);
  EXPECT_EQ(call(userfaultfd_poison, huge_page(1), kHugePageSize).error, Errno::exist);
  EXPECT_EQ(call(userfaultfd_continue, huge_page(1), kHugePageSize).error, Errno::fault);
  EXPECT_EQ(copy(huge_page(1), kHugePageSize).error, Errno::none);
}

TEST_P(HugetlbMfill, ProtectionOfWhatIsMissingIsAMarker) {
  constexpr std::uint64_t kProtect = UFFDIO_WRITEPROTECT_MODE_WP;
  EXPECT_EQ(call(userfaultfd_writeprotect, huge_page(1), kHugePageSize, kProtect).error, Errno::none);
  EXPECT_TRUE(leaf(1).is_marker(PteMarker::uffd_wp));
  EXPECT_EQ(call(userfaultfd_writeprotect, huge_page(1), kHugePageSize).error, Errno::none);
  EXPECT_TRUE(leaf(1).pte_none());
}

TEST_P(HugetlbMfill, AFillThatFindsNoPageLeavesThePoolAsItWas) {
  copy(huge_page(1), kHugePageSize);
  const HugePool before = one.machine().system.memory.peek_huge_pool();
  EXPECT_EQ(copy(huge_page(1), kHugePageSize).error, Errno::exist);
  const HugePool after = one.machine().system.memory.peek_huge_pool();
  EXPECT_EQ(before.free, after.free);
  EXPECT_EQ(before.reserved, after.reserved);
}

INSTANTIATE_TEST_SUITE_P(EitherWay, HugetlbMfill, testing::Values(Sharing::private_, Sharing::shared),
                         [](const auto& test) {
                           return test.param == Sharing::shared ? "Shared" : "Private";
                         });

}  // namespace
}  // namespace model
