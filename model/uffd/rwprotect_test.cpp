// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "model/fault/access.hpp"
#include "model/mm/uffd_leaf.hpp"
#include "model/one_thread_for_test.hpp"
#include "model/uffd/pagemap_scan.hpp"

namespace model {
namespace {

constexpr std::uint64_t kRwp = abi::kRwprotectModeRwp;

struct RwProtect : testing::Test {
  explicit RwProtect(std::uint64_t more_features = 0) : one(linux_7_3) {
    one.open_uffd(abi::kFeatureRwp | more_features);
    EXPECT_EQ(one.map(page(16), {4}), Errno::none);
    EXPECT_EQ(one.arm(page(16), {4}, abi::kRegisterModeRwp).field, 0x33c);
  }
  Errno rwprotect(std::uint64_t mode, VirtAddr start = page(16), PageCount pages = {1}) {
    return one.run([&] { return userfaultfd_rwprotect(one.ctx(), {start, pages.bytes(), mode}); }).error;
  }
  Errno set_mode(std::uint64_t enable, std::uint64_t disable) {
    return one.run([&] { return userfaultfd_set_mode(one.ctx(), {enable, disable}); }).error;
  }
  Errno protect(std::uint8_t protection) {
    return one.run([&] { return sys_mprotect(one.process(), page(16), kPageSize, protection); });
  }
  Touched::How touch(Access access, VirtAddr address = page(16)) {
    return one.run([&] { return touch_memory(one.mm(), address, access, Mode::user, 'S'); }).how;
  }
  Pte leaf(VirtAddr address = page(16)) { return one.mm().page_tables.walk(address); }
  UffdLeaf state(VirtAddr address = page(16)) {
    return uffd_leaf(one.mm().vmas.vma_lookup(address)->flags(), leaf(address));
  }

  OneThread one;
};
struct RwProtectAsync : RwProtect {
  RwProtectAsync() : RwProtect(abi::kFeatureRwpAsync) {}
};
struct RwProtectSigbus : RwProtect {
  RwProtectSigbus() : RwProtect(UFFD_FEATURE_SIGBUS) {}
};

TEST_F(RwProtect, TakesAndGivesBackEveryRight) {
  EXPECT_EQ(touch(Access::write), Touched::How::done);
  EXPECT_EQ(rwprotect(kRwp), Errno::none);
  EXPECT_EQ(state(), UffdLeaf::access_protected);
  EXPECT_EQ(leaf().access(), PteAccess::none);
  EXPECT_EQ(rwprotect(0), Errno::none);
  EXPECT_EQ(state(), UffdLeaf::open);
  EXPECT_EQ(leaf().access(), PteAccess::write);
}

TEST_F(RwProtect, LeavesWhatWasNeverTouchedAlone) {
  EXPECT_EQ(rwprotect(kRwp, page(16), {4}), Errno::none);
  EXPECT_TRUE(leaf().pte_none());
}

TEST_F(RwProtect, ChangesAllMappingsOfTheRangeOrNone) {
  EXPECT_EQ(touch(Access::write, page(19)), Touched::How::done);
  EXPECT_EQ(one.map(page(20), {1}), Errno::none);
  EXPECT_EQ(rwprotect(kRwp, page(19), {2}), Errno::noent);
  EXPECT_EQ(state(page(19)), UffdLeaf::open);
  EXPECT_EQ(rwprotect(kRwp, page(30), {2}), Errno::noent);
}

TEST_F(RwProtect, RefusesModesThatMakeNoSense) {
  EXPECT_EQ(rwprotect(kRwp | abi::kRwprotectModeDontwake), Errno::inval);
  EXPECT_EQ(rwprotect(4), Errno::inval);
}

TEST_F(RwProtect, OutlivesTheRightsOfTheMapping) {
  EXPECT_EQ(touch(Access::write), Touched::How::done);
  EXPECT_EQ(rwprotect(kRwp), Errno::none);
  EXPECT_EQ(protect(0), Errno::none);
  EXPECT_EQ(touch(Access::read), Touched::How::sigsegv);
  EXPECT_EQ(protect(kProtectRead | kProtectWrite), Errno::none);
  EXPECT_EQ(state(), UffdLeaf::access_protected);
}

TEST_F(RwProtect, EndsWithTheRegistration) {
  EXPECT_EQ(touch(Access::write), Touched::How::done);
  EXPECT_EQ(rwprotect(kRwp), Errno::none);
  EXPECT_EQ(one.run([&] {
                 return userfaultfd_unregister(one.ctx(), {page(16), kPageSize});
               })
                .error,
            Errno::none);
  EXPECT_EQ(leaf().access(), PteAccess::write);
  EXPECT_EQ(rwprotect(kRwp), Errno::noent);
}

TEST_F(RwProtectAsync, IsLiftedByWhoTouchesThePage) {
  EXPECT_EQ(touch(Access::write), Touched::How::done);
  EXPECT_EQ(rwprotect(kRwp), Errno::none);
  EXPECT_EQ(touch(Access::read), Touched::How::done);
  EXPECT_EQ(leaf().access(), PteAccess::write) << "it is the process's own";
}

TEST_F(RwProtectSigbus, IsASignalUnlessTheModeIsChanged) {
  EXPECT_EQ(touch(Access::write), Touched::How::done);
  EXPECT_EQ(rwprotect(kRwp), Errno::none);
  EXPECT_EQ(touch(Access::read), Touched::How::sigbus);
  EXPECT_EQ(set_mode(abi::kFeatureRwpAsync, 0), Errno::none);
  EXPECT_EQ(touch(Access::read), Touched::How::done);
  EXPECT_EQ(rwprotect(kRwp), Errno::none);
  EXPECT_EQ(set_mode(0, abi::kFeatureRwpAsync), Errno::none);
  EXPECT_EQ(touch(Access::read), Touched::How::sigbus);
}

TEST_F(RwProtect, KnowsOneModeThatCanBeSet) {
  EXPECT_EQ(set_mode(0, 0), Errno::none);
  EXPECT_EQ(set_mode(abi::kFeatureRwpAsync, abi::kFeatureRwpAsync), Errno::inval);
  EXPECT_EQ(set_mode(abi::kFeatureWpAsync, 0), Errno::inval);
  EXPECT_EQ(set_mode(0, abi::kFeatureRwp), Errno::inval);
}

TEST_F(RwProtectAsync, LeavesATraceThatAScanFinds) {
  for (const std::uint64_t at : {16u, 17u, 18u})
    EXPECT_EQ(touch(Access::write, page(at)), Touched::How::done);
  EXPECT_EQ(rwprotect(kRwp, page(16), {4}), Errno::none);
  EXPECT_EQ(touch(Access::read, page(17)), Touched::How::done);
  ScanRequest request{.start = page(16), .length = PageCount{4}.bytes(), .vec_len = 4};
  request.category_mask = request.return_mask = abi::kPageIsAccessed;
  const ScanReply reply = one.run([&] { return pagemap_scan(one.mm(), request); });
  EXPECT_EQ(reply.count, 1u);
  EXPECT_EQ(reply.regions[0].range, (AddrRange{page(17), page(18)}));
}

TEST(Register, RwpNeedsItsFeatureAndExcludesWp) {
  OneThread one(linux_7_3);
  one.open_uffd();
  EXPECT_EQ(one.map(page(16), {1}), Errno::none);
  EXPECT_EQ(one.arm(page(16), {1}, abi::kRegisterModeRwp).error, Errno::inval);
  OneThread other(linux_7_3);
  other.open_uffd(abi::kFeatureRwp);
  EXPECT_EQ(other.map(page(16), {1}), Errno::none);
  EXPECT_EQ(other.map(page(18), {1}, 0), Errno::none);
  EXPECT_EQ(other.arm(page(16), {1}, abi::kRegisterModeRwp | UFFDIO_REGISTER_MODE_WP).error, Errno::inval);
  EXPECT_EQ(other.arm(page(18), {1}, abi::kRegisterModeRwp).error, Errno::inval) << "nobody may touch it";
  EXPECT_EQ(other.arm(page(16), {1}, abi::kRegisterModeRwp).error, Errno::none);
  EXPECT_EQ(other.arm(page(16), {1}).error, Errno::busy);
}

}  // namespace
}  // namespace model
