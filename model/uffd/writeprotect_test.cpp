// SPDX-License-Identifier: Apache-2.0
#include "model/uffd/writeprotect.hpp"

#include <gtest/gtest.h>

#include "model/fault/access.hpp"
#include "model/one_thread_for_test.hpp"

namespace model {
namespace {

constexpr std::uint64_t kWp = UFFDIO_WRITEPROTECT_MODE_WP;

struct WriteProtect : testing::Test {
  explicit WriteProtect(const Kernel& kernel = default_kernel(), std::uint64_t features = 0) : one(kernel) {
    one.open_uffd(features);
    EXPECT_EQ(one.map(page(16), {4}), Errno::none);
    EXPECT_EQ(one.arm(page(16), {4}, UFFDIO_REGISTER_MODE_WP).error, Errno::none);
  }
  Errno writeprotect(std::uint64_t mode, PageCount pages = {1}) {
    return one.run([&] {
                return userfaultfd_writeprotect(one.ctx(), {page(16), pages.bytes(), mode});
              })
        .error;
  }
  Touched::How store() {
    return one.run([&] { return touch_memory(one.mm(), page(16), Access::write, Mode::user, 'S'); }).how;
  }
  Pte leaf() { return one.mm().page_tables.walk(page(16)); }

  OneThread one;
};
struct WriteProtectUnpopulated : WriteProtect {
  WriteProtectUnpopulated() : WriteProtect(default_kernel(), abi::kFeatureWpUnpopulated) {}
};
struct WriteProtectAsync : WriteProtect {
  WriteProtectAsync() : WriteProtect(default_kernel(), abi::kFeatureWpAsync) {}
};
struct WriteProtectOn61 : WriteProtect {
  WriteProtectOn61() : WriteProtect(linux_6_1) {}
};

TEST_F(WriteProtect, TakesAndGivesBackTheRightToWrite) {
  EXPECT_EQ(store(), Touched::How::done);
  EXPECT_EQ(writeprotect(kWp), Errno::none);
  EXPECT_EQ(leaf().pte_uffd_wp(), UffdWp::set);
  EXPECT_FALSE(leaf().pte_write());
  EXPECT_EQ(writeprotect(0), Errno::none);
  EXPECT_EQ(leaf().pte_uffd_wp(), UffdWp::clear);
  EXPECT_TRUE(leaf().pte_write());
}

TEST_F(WriteProtectOn61, LeavesTheRightToWriteToTheNextFault) {
  EXPECT_EQ(store(), Touched::How::done);
  EXPECT_EQ(writeprotect(kWp), Errno::none);
  EXPECT_EQ(writeprotect(0), Errno::none);
  EXPECT_FALSE(leaf().pte_write());
  EXPECT_EQ(store(), Touched::How::done);
  EXPECT_TRUE(leaf().pte_write());
}

TEST_F(WriteProtect, LeavesWhatWasNeverTouchedAlone) {
  EXPECT_EQ(writeprotect(kWp, {4}), Errno::none);
  EXPECT_TRUE(leaf().pte_none());
}

TEST_F(WriteProtectUnpopulated, MarksWhatWasNeverTouched) {
  EXPECT_EQ(writeprotect(kWp, {4}), Errno::none);
  EXPECT_TRUE(leaf().is_marker(PteMarker::uffd_wp));
  EXPECT_EQ(writeprotect(0), Errno::none);
  EXPECT_TRUE(leaf().pte_none());
}

TEST_F(WriteProtectAsync, IsLiftedByTheWriter) {
  EXPECT_EQ(writeprotect(kWp), Errno::none);
  EXPECT_EQ(store(), Touched::How::done);
  EXPECT_EQ(leaf().pte_uffd_wp(), UffdWp::clear);
}

TEST_F(WriteProtect, RefusesModesThatMakeNoSense) {
  EXPECT_EQ(writeprotect(kWp | UFFDIO_WRITEPROTECT_MODE_DONTWAKE), Errno::inval);
  EXPECT_EQ(writeprotect(4), Errno::inval);
}

TEST_F(WriteProtect, EndsWithTheRegistration) {
  EXPECT_EQ(store(), Touched::How::done);
  EXPECT_EQ(writeprotect(kWp), Errno::none);
  EXPECT_EQ(one.run([&] {
                 return userfaultfd_unregister(one.ctx(), {page(16), kPageSize});
               })
                .error,
            Errno::none);
  EXPECT_EQ(leaf().pte_uffd_wp(), UffdWp::clear);
  EXPECT_EQ(writeprotect(kWp), Errno::noent);
}

}  // namespace
}  // namespace model
