// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "model/fault/access.hpp"
#include "model/kernels/kernel.hpp"
#include "model/one_thread_for_test.hpp"

namespace model {
namespace {

constexpr std::uint64_t kMinor = UFFDIO_REGISTER_MODE_MINOR;

// A file of four pages, the first two of which exist, mapped at page 16 and, without userfaultfd, at page 32.
struct Continue : testing::Test {
  Continue() {
    one.open_uffd();
    one.run([&] { return make_file(one.process()); });
    map(page(16), Sharing::shared);
    map(page(32), Sharing::shared);
    EXPECT_EQ(one.arm(page(16), {4}, kMinor).error, Errno::none);
  }
  static sim::Task<Errno> make_file(Process& process) {
    sys_memfd_create(process, 0);
    const Errno sized = co_await sys_ftruncate(process, 0, 4);
    EXPECT_EQ(sized, Errno::none);
    const CopySource letters{.letters = "AB", .count = 2};
    const Errno written = co_await sys_pwrite(process, 0, 0, 2, letters);
    co_return written;
  }
  void map(VirtAddr start, Sharing sharing) {
    const Result<VirtAddr> at = one.run([&] {
      return sys_mmap(one.process(), start, 4 * kPageSize, kProtectRead | kProtectWrite, MapPlacement::fixed,
                      {sharing, 0, 0});
    });
    EXPECT_TRUE(at.has_value());
  }
  IoctlReply go_on(VirtAddr start, PageCount pages = {1}, std::uint64_t mode = 0) {
    return one.run([&] { return userfaultfd_continue(one.ctx(), {start, pages.bytes(), mode}); });
  }
  Touched touch(VirtAddr at, Access access, char letter = 0) {
    return one.run([&] { return touch_memory(one.mm(), at, access, Mode::user, letter); });
  }

  OneThread one;
};

TEST_F(Continue, MapsTheVeryPageOfTheFile) {
  EXPECT_EQ(touch(page(32), Access::write, 'X').how, Touched::How::done);
  const IoctlReply reply = go_on(page(16));
  EXPECT_EQ(reply.error, Errno::none);
  EXPECT_EQ(reply.field, static_cast<std::int64_t>(kPageSize));
  EXPECT_EQ(touch(page(16), Access::read).content, 'X');
  EXPECT_EQ(one.mm().page_tables.walk(page(16)).pte_pfn(), one.mm().page_tables.walk(page(32)).pte_pfn());
}

TEST_F(Continue, StopsAtAHole) {
  const IoctlReply reply = go_on(page(16), {4});
  EXPECT_EQ(reply.error, Errno::again);
  EXPECT_EQ(reply.field, 2 * static_cast<std::int64_t>(kPageSize));
  EXPECT_EQ(go_on(page(18)).error, Errno::fault);
}

TEST_F(Continue, RefusesBeyondTheEndOfTheFile) {
  EXPECT_EQ(one.run([&] { return sys_ftruncate(one.process(), 0, 1); }), Errno::none);
  EXPECT_EQ(go_on(page(17)).error, Errno::inval);
}

TEST_F(Continue, PrivateMappingMayOnlyRead) {
  map(page(48), Sharing::private_);
  EXPECT_EQ(one.arm(page(48), {4}, kMinor).error, Errno::none);
  EXPECT_EQ(go_on(page(48)).error, Errno::none);
  EXPECT_EQ(one.mm().page_tables.walk(page(48)).access(), PteAccess::read);
  EXPECT_EQ(touch(page(48), Access::write, 'P').how, Touched::How::done);
  EXPECT_EQ(touch(page(32), Access::read).content, 'A') << "the file keeps what it holds";
}

TEST_F(Continue, WriteProtectsOnlyWhereThatIsHeardOf) {
  EXPECT_EQ(go_on(page(16), {1}, abi::kContinueModeWp).error, Errno::inval);
  EXPECT_EQ(one.arm(page(16), {4}, kMinor | UFFDIO_REGISTER_MODE_WP).error, Errno::none);
  EXPECT_EQ(go_on(page(16), {1}, abi::kContinueModeWp).error, Errno::none);
  EXPECT_EQ(one.mm().page_tables.walk(page(16)).pte_uffd_wp(), UffdWp::set);
}

TEST_F(Continue, AnonymousMemoryHasNothingToContinueWith) {
  EXPECT_EQ(one.map(page(64), {1}), Errno::none);
  EXPECT_EQ(one.arm(page(64), {1}, kMinor).error, Errno::inval);
  EXPECT_EQ(one.arm(page(64), {1}).error, Errno::none);
  EXPECT_EQ(go_on(page(64)).error, Errno::inval);
}

}  // namespace
}  // namespace model
