// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "model/fault/access.hpp"
#include "model/processes_for_test.hpp"
#include "model/uffd/read.hpp"

namespace model {
namespace {

constexpr VirtAddr kPage{16 * kPageSize};

struct Fork : testing::Test, Processes {
  void map_and_store() {
    const auto mapped = as(parent(), [&] {
      return sys_mmap(parent(), kPage, 2 * kPageSize, kProtectRead | kProtectWrite, MapPlacement::fixed);
    });
    EXPECT_TRUE(mapped);
    store(parent(), 'A');
  }
  void store(Process& process, char letter) {
    const Touched touched = as(process, [&process, letter] {
      return touch_memory(process.mm, kPage, Access::write, Mode::user, letter);
    });
    EXPECT_EQ(touched.how, Touched::How::done);
  }
  char load(Process& process) {
    return as(process, [&process] { return touch_memory(process.mm, kPage, Access::read, Mode::user, 0); })
        .content;
  }
  Pfn frame(Process& process) { return process.mm.page_tables.walk(kPage).pte_pfn(); }
};

TEST_F(Fork, SharesPagesUntilSomebodyWrites) {
  map_and_store();
  EXPECT_EQ(fork(), Errno::none);
  EXPECT_EQ(frame(child()), frame(parent()));
  EXPECT_EQ(load(child()), 'A');
  store(parent(), 'B');
  EXPECT_NE(frame(child()), frame(parent()));
  EXPECT_EQ(load(child()), 'A');
  EXPECT_EQ(load(parent()), 'B');
}

TEST_F(Fork, LeavesThePageToTheLastWhoHasIt) {
  map_and_store();
  EXPECT_EQ(fork(), Errno::none);
  const Pfn shared = frame(parent());
  store(child(), 'C');
  store(parent(), 'B');
  EXPECT_EQ(frame(parent()), shared) << "nobody else has it any more";
}

TEST_F(Fork, TakesTheRightToWriteFromTheTlbsToo) {
  map_and_store();
  EXPECT_EQ(fork(), Errno::none);
  EXPECT_FALSE(parent().mm.page_tables.walk(kPage).pte_write());
  store(parent(), 'B');
  EXPECT_EQ(load(child()), 'A');
}

TEST_F(Fork, DoesNotCopyWhatWasNeverWritten) {
  const auto mapped = as(parent(), [&] {
    return sys_mmap(parent(), kPage, kPageSize, kProtectRead | kProtectWrite, MapPlacement::fixed);
  });
  EXPECT_TRUE(mapped);
  EXPECT_EQ(load(parent()), '\0');
  EXPECT_EQ(fork(), Errno::none);
  EXPECT_TRUE(child().mm.page_tables.walk(kPage).pte_none()) << "the zero page comes back by itself";
}

TEST_F(Fork, CopiesDescriptorsAndDisarmsWithoutTheEvent) {
  map_and_store();
  EXPECT_TRUE(as(parent(), [&] { return sys_userfaultfd(parent(), 0); }));
  UserfaultfdCtx& ctx = *parent().fds[0].peek()->ctx;
  EXPECT_EQ(as(parent(), [&] { return userfaultfd_api(ctx, {}); }).error, Errno::none);
  const RangeRequest all{kPage, 2 * kPageSize, UFFDIO_REGISTER_MODE_MISSING, UserPointer::readable};
  EXPECT_EQ(as(parent(), [&] { return userfaultfd_register(ctx, all); }).error, Errno::none);
  EXPECT_EQ(fork(), Errno::none);
  EXPECT_EQ(child().fds[0].peek(), parent().fds[0].peek());
  EXPECT_FALSE(child().mm.vmas.vma_lookup(kPage)->userfaultfd_armed());
  EXPECT_TRUE(parent().mm.vmas.vma_lookup(kPage)->userfaultfd_armed());
}

}  // namespace
}  // namespace model
