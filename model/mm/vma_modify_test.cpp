// SPDX-License-Identifier: Apache-2.0
#include "model/mm/vma_modify.hpp"

#include <vector>

#include "model/one_thread_for_test.hpp"

namespace model {
namespace {

// The mappings as {first page, last page + 1, registered}.
struct Shape {
  std::uint64_t first, end;
  bool armed;
  friend bool operator==(const Shape&, const Shape&) = default;
};
std::vector<Shape> shapes(OneThread& one) {
  std::vector<Shape> shapes;
  for (const Vma& vma : one.mm().vmas.peek()) {
    const AddrRange range = vma.state.peek().range;
    shapes.push_back({range.start.page_number(), range.end.page_number(), vma.userfaultfd_armed()});
  }
  return shapes;
}

TEST(VmaModify, NeighboursThatAgreeBecomeOne) {
  OneThread one;
  EXPECT_EQ(one.map(page(1), {2}), Errno::none);
  EXPECT_EQ(one.map(page(3), {2}), Errno::none);
  EXPECT_EQ(shapes(one), (std::vector<Shape>{{1, 5, false}}));
}

TEST(VmaModify, NeighboursThatDifferInProtectionStayApart) {
  OneThread one;
  EXPECT_EQ(one.map(page(1), {2}), Errno::none);
  EXPECT_EQ(one.map(page(3), {2}, kProtectRead), Errno::none);
  EXPECT_EQ(shapes(one), (std::vector<Shape>{{1, 3, false}, {3, 5, false}}));
}

TEST(VmaModify, RegisteringTheMiddleSplitsAndUnregisteringMergesAgain) {
  OneThread one;
  EXPECT_EQ(one.map(page(1), {4}), Errno::none);
  one.open_uffd();
  EXPECT_EQ(one.arm(page(2), {2}).error, Errno::none);
  EXPECT_EQ(shapes(one), (std::vector<Shape>{{1, 2, false}, {2, 4, true}, {4, 5, false}}));
  const IoctlReply reply = one.run([&] {
    return userfaultfd_unregister(one.ctx(), {page(2), 2 * kPageSize, 0, UserPointer::readable});
  });
  EXPECT_EQ(reply.error, Errno::none);
  EXPECT_EQ(shapes(one), (std::vector<Shape>{{1, 5, false}}));
}

TEST(VmaModify, UnmappingTheMiddleLeavesTwoEnds) {
  OneThread one;
  EXPECT_EQ(one.map(page(1), {4}), Errno::none);
  EXPECT_EQ(one.run([&] { return sys_munmap(one.process(), page(2), 2 * kPageSize); }), Errno::none);
  EXPECT_EQ(shapes(one), (std::vector<Shape>{{1, 2, false}, {4, 5, false}}));
}

}  // namespace
}  // namespace model
