// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <sys/mman.h>

#include "model/fault/access.hpp"
#include "model/one_thread_for_test.hpp"

namespace model {
namespace {

// A file of four pages that holds ABCD, mapped shared at page 16 and private at page 32.
struct Memfd : testing::Test {
  Memfd() {
    one.run([&] { return make_file(one.process()); });
    map(page(16), Sharing::shared);
    map(page(32), Sharing::private_);
  }
  static sim::Task<Errno> make_file(Process& process) {
    sys_memfd_create(process, 0);
    const CopySource letters{.letters = "ABCD", .count = 4};
    const Errno written = co_await sys_pwrite(process, 0, 0, 4, letters);
    co_return written;
  }
  void map(VirtAddr start, Sharing sharing) {
    const Result<VirtAddr> at = one.run([&] {
      return sys_mmap(one.process(), start, 4 * kPageSize, kProtectRead | kProtectWrite, MapPlacement::fixed,
                      {sharing, 0, 0});
    });
    EXPECT_TRUE(at.has_value());
  }
  Touched touch(VirtAddr at, Access access, char letter = 0) {
    return one.run([&] { return touch_memory(one.mm(), at, access, Mode::user, letter); });
  }
  std::uint32_t frames() { return one.machine().system.memory.used_frames(); }

  OneThread one;
};

TEST_F(Memfd, WritingMakesTheFileLonger) {
  EXPECT_EQ(one.process().memfds[0].peek()->i_size.peek(), 4u);
  EXPECT_EQ(frames(), 4u);
}

TEST_F(Memfd, AReadMapsWhatIsAround) {
  EXPECT_EQ(touch(page(17), Access::read).content, 'B');
  EXPECT_TRUE(one.mm().page_tables.walk(page(19)).pte_present());
  EXPECT_TRUE(one.mm().page_tables.walk(page(33)).pte_none()) << "another mapping";
}

TEST_F(Memfd, AWriteToAPrivateMappingCopies) {
  EXPECT_EQ(touch(page(32), Access::write, 'P').how, Touched::How::done);
  EXPECT_EQ(touch(page(32), Access::read).content, 'P');
  EXPECT_EQ(touch(page(16), Access::read).content, 'A');
  EXPECT_EQ(frames(), 5u);
}

TEST_F(Memfd, TruncationTakesPagesFromEveryMappingAndPunchingLeavesCopies) {
  EXPECT_EQ(touch(page(35), Access::write, 'P').how, Touched::How::done);
  EXPECT_EQ(touch(page(19), Access::read).content, 'D');
  EXPECT_EQ(one.run([&] { return sys_fallocate_punch(one.process(), 0, 3, 1); }), Errno::none);
  EXPECT_EQ(touch(page(35), Access::read).content, 'P');
  EXPECT_EQ(touch(page(19), Access::read).content, '\0');
  EXPECT_EQ(one.run([&] { return sys_ftruncate(one.process(), 0, 3); }), Errno::none);
  EXPECT_EQ(touch(page(35), Access::read).how, Touched::How::sigbus);
  EXPECT_EQ(touch(page(19), Access::read).how, Touched::How::sigbus);
  EXPECT_EQ(frames(), 3u);
}

TEST_F(Memfd, RemoveWantsASharedMapping) {
  EXPECT_EQ(one.run([&] { return sys_madvise(one.process(), page(32), kPageSize, MADV_REMOVE); }),
            Errno::acces);
  EXPECT_EQ(one.run([&] { return sys_madvise(one.process(), page(16), kPageSize, MADV_REMOVE); }),
            Errno::none);
  EXPECT_EQ(touch(page(16), Access::read).content, '\0');
  EXPECT_EQ(one.map(page(64), {1}), Errno::none);
  EXPECT_EQ(one.run([&] { return sys_madvise(one.process(), page(64), kPageSize, MADV_REMOVE); }),
            Errno::inval);
}

TEST_F(Memfd, SplitMappingsAreFoundByTheFile) {
  EXPECT_EQ(touch(page(16), Access::read).content, 'A');
  EXPECT_EQ(one.run([&] { return sys_munmap(one.process(), page(17), kPageSize); }), Errno::none);
  EXPECT_EQ(one.run([&] { return sys_ftruncate(one.process(), 0, 0); }), Errno::none);
  EXPECT_TRUE(one.mm().page_tables.walk(page(16)).pte_none());
  EXPECT_TRUE(one.mm().page_tables.walk(page(18)).pte_none());
}

TEST_F(Memfd, SharedAnonymousMemoryGoesWithItsLastMapping) {
  const Result<VirtAddr> at = one.run([&] {
    return sys_mmap(one.process(), page(64), 2 * kPageSize, kProtectRead | kProtectWrite, MapPlacement::fixed,
                    {.sharing = Sharing::shared});
  });
  EXPECT_TRUE(at.has_value());
  EXPECT_EQ(touch(page(64), Access::write, 'S').how, Touched::How::done);
  EXPECT_EQ(frames(), 5u);
  EXPECT_EQ(one.run([&] { return sys_munmap(one.process(), page(64), 2 * kPageSize); }), Errno::none);
  EXPECT_EQ(frames(), 4u);
}

}  // namespace
}  // namespace model
