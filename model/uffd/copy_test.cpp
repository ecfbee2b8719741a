// SPDX-License-Identifier: Apache-2.0
#include "model/one_thread_for_test.hpp"
#include "model/uffd/api.hpp"

namespace model {
namespace {

constexpr CopySource kLetters{.letters = "AB", .count = 2};

IoctlReply copy(OneThread& one, VirtAddr start, PageCount pages, std::uint64_t mode = 0) {
  const RangeRequest request{start, pages.bytes(), mode, UserPointer::readable};
  return one.run([&] { return userfaultfd_copy(one.ctx(), one.mm(), request, kLetters); });
}

struct Copy : ::testing::Test {
  OneThread one;
  void SetUp() override {
    EXPECT_EQ(one.map(page(1), {4}), Errno::none);
    one.open_uffd();
    EXPECT_EQ(one.arm(page(1), {3}).error, Errno::none);
  }
};

TEST_F(Copy, FillsPagesAndSaysHowMuch) {
  const IoctlReply reply = copy(one, page(1), {2});
  EXPECT_EQ(reply.error, Errno::none);
  EXPECT_EQ(reply.field, 2 * 4096);
}

TEST_F(Copy, StopsAtAPageThatIsThereWithEAGAINAndTheBytesDone) {
  EXPECT_EQ(copy(one, page(2), {1}).error, Errno::none);
  const IoctlReply partial = copy(one, page(1), {2});
  EXPECT_EQ(partial.error, Errno::again);
  EXPECT_EQ(partial.field, 4096);
  const IoctlReply nothing = copy(one, page(2), {1});
  EXPECT_EQ(nothing.error, Errno::exist);
  EXPECT_EQ(nothing.field, -EEXIST);
}

TEST_F(Copy, AcrossTheEndOfTheMappingIsENOENT) {
  EXPECT_EQ(copy(one, page(3), {2}).field, -ENOENT) << "page 4 is mapped but not registered";
  EXPECT_EQ(copy(one, page(9), {1}).field, -ENOENT) << "nothing is mapped there";
}

TEST_F(Copy, ABadRangeLeavesTheFieldAlone) {
  const IoctlReply reply = copy(one, {0x1001}, {1});
  EXPECT_EQ(reply.error, Errno::inval);
  EXPECT_EQ(reply.field_state, FieldState::untouched);
}

TEST_F(Copy, WriteProtectedIntoAMappingWithoutWPIsEINVALInTheField) {
  EXPECT_EQ(copy(one, page(1), {1}, UFFDIO_COPY_MODE_WP).field, -EINVAL);
}

TEST_F(Copy, ASourceThatIsNotAlignedNeedsBothItsPages) {
  EXPECT_EQ(one.map(page(20), {1}), Errno::none);
  const auto copy_from = [&](VirtAddr source) {
    const CopySource memory{.kind = CopySource::Kind::memory, .start = source};
    const RangeRequest request{page(1), kPageSize, 0, UserPointer::readable};
    return one.run([&] { return userfaultfd_copy(one.ctx(), one.mm(), request, memory); });
  };
  EXPECT_EQ(copy_from({page(20).value + 8}).field, -EFAULT);
  EXPECT_EQ(one.map(page(21), {1}), Errno::none);
  EXPECT_EQ(copy_from({page(20).value + 8}).error, Errno::none);
}

TEST_F(Copy, RunsOutOfMemory) {
  while (one.machine().system.memory.alloc_folio()) {
  }
  EXPECT_EQ(copy(one, page(1), {1}).field, -ENOMEM);
}

}  // namespace
}  // namespace model
