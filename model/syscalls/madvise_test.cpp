// SPDX-License-Identifier: Apache-2.0
#include "model/syscalls/madvise.hpp"

#include <sys/mman.h>

#include "model/fault/access.hpp"
#include "model/one_thread_for_test.hpp"

namespace model {
namespace {

Errno advise(OneThread& one, std::uint64_t first, std::uint64_t pages, std::uint64_t advice) {
  return one.run([&] { return sys_madvise(one.process(), page(first), pages * kPageSize, advice); });
}

Touched touch(OneThread& one, VirtAddr address, Access access) {
  return one.run([&] { return touch_memory(one.mm(), address, access, Mode::user, 'X'); });
}

TEST(Madvise, PopulateMakesPagesOnce) {
  OneThread one;
  EXPECT_EQ(one.map(page(1), {6}), Errno::none);
  EXPECT_EQ(advise(one, 1, 6, MADV_POPULATE_READ), Errno::none);
  EXPECT_EQ(one.machine().system.memory.used_frames(), 0u);
  EXPECT_EQ(advise(one, 2, 4, MADV_POPULATE_WRITE), Errno::none);
  EXPECT_EQ(advise(one, 2, 4, MADV_POPULATE_WRITE), Errno::none);
  EXPECT_EQ(one.machine().system.memory.used_frames(), 4u);
  EXPECT_EQ(advise(one, 5, 4, MADV_POPULATE_WRITE), Errno::nomem);
}

TEST(Madvise, GuardsOutliveDontneedAndNotTheMapping) {
  OneThread one;
  EXPECT_EQ(one.map(page(1), {6}), Errno::none);
  EXPECT_EQ(advise(one, 1, 6, MADV_POPULATE_WRITE), Errno::none);
  EXPECT_EQ(advise(one, 2, 4, kMadvGuardInstall), Errno::none);
  EXPECT_EQ(one.machine().system.memory.used_frames(), 2u);
  EXPECT_EQ(advise(one, 1, 6, MADV_DONTNEED), Errno::none);
  EXPECT_EQ(touch(one, page(3), Access::read).how, Touched::How::sigsegv);
  EXPECT_EQ(touch(one, page(1), Access::read).how, Touched::How::done);
  EXPECT_EQ(advise(one, 1, 6, kMadvGuardRemove), Errno::none);
  EXPECT_EQ(touch(one, page(3), Access::write).how, Touched::How::done);
  EXPECT_EQ(advise(one, 1, 6, kMadvGuardInstall), Errno::none);
  EXPECT_EQ(one.map(page(1), {6}), Errno::none);
  EXPECT_EQ(touch(one, page(3), Access::read).how, Touched::How::done);
}

TEST(Madvise, OldKernelsKnowNoGuards) {
  OneThread one(linux_6_12);
  EXPECT_EQ(one.map(page(1), {1}), Errno::none);
  EXPECT_EQ(advise(one, 1, 1, kMadvGuardInstall), Errno::inval);
  EXPECT_EQ(advise(one, 1, 1, MADV_FREE), Errno::none);
  EXPECT_EQ(advise(one, 1, 1, MADV_REMOVE), Errno::inval);
}

}  // namespace
}  // namespace model
