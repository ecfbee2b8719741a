// SPDX-License-Identifier: Apache-2.0
#include "model/uffd/pagemap_scan.hpp"

#include <gtest/gtest.h>

#include "model/fault/access.hpp"
#include "model/one_thread_for_test.hpp"

namespace model {
namespace {

constexpr std::uint64_t kWritten = abi::kPageIsWritten;

struct PagemapScan : testing::Test {
  explicit PagemapScan(const Kernel& kernel = default_kernel()) : one(kernel) {
    if (kernel.features & abi::kFeatureWpAsync) one.open_uffd(abi::kFeatureWpAsync);
    EXPECT_EQ(one.map(page(16), {6}), Errno::none);
    if (kernel.features & abi::kFeatureWpAsync) {
      EXPECT_EQ(one.arm(page(16), {6}, UFFDIO_REGISTER_MODE_WP).error, Errno::none);
    }
  }
  static ScanRequest written(std::uint64_t flags = 0) {
    ScanRequest request{.start = page(16), .length = 6 * kPageSize, .flags = flags};
    request.vec_len = kMostScanRegions;
    request.category_mask = request.return_mask = kWritten;
    return request;
  }
  ScanReply scan(const ScanRequest& request) {
    return one.run([&] { return one.mm().system->kernel->pagemap_scan(one.mm(), request); });
  }
  void store(VirtAddr address) {
    const Touched touched =
        one.run([&] { return touch_memory(one.mm(), address, Access::write, Mode::user, 'S'); });
    EXPECT_EQ(touched.how, Touched::How::done);
  }

  OneThread one;
};
struct PagemapScanOn61 : PagemapScan {
  PagemapScanOn61() : PagemapScan(linux_6_1) {}
};

TEST_F(PagemapScan, CrossesPageTables) {
  const ScanReply reply = scan(written(abi::kPmScanWpMatching));
  ASSERT_EQ(reply.count, 1u);
  EXPECT_EQ(reply.regions[0].range, (AddrRange{page(16), page(22)}));
  EXPECT_EQ(scan(written()).count, 0u);
  for (int i = 16; i < 22; ++i) {
    EXPECT_TRUE(one.mm().page_tables.walk(page(static_cast<std::uint64_t>(i))).is_marker(PteMarker::uffd_wp));
  }
}

TEST_F(PagemapScan, ForgetsNoTlb) {
  store(page(17));
  EXPECT_EQ(scan(written(abi::kPmScanWpMatching)).count, 1u);
  store(page(17));
  const ScanReply reply = scan(written());
  ASSERT_EQ(reply.count, 1u);
  EXPECT_EQ(reply.regions[0].range, (AddrRange{page(17), page(18)}));
}

TEST_F(PagemapScan, StopsWhereTheBufferIsFull) {
  EXPECT_EQ(scan(written(abi::kPmScanWpMatching)).count, 1u);
  for (const std::uint64_t at : {16u, 18u, 20u}) store(page(at));
  ScanRequest request = written(abi::kPmScanWpMatching);
  request.vec_len = 2;
  const ScanReply reply = scan(request);
  EXPECT_EQ(reply.count, 2u);
  EXPECT_EQ(reply.walk_end, page(20));
  EXPECT_EQ(scan(written()).regions[0].range, (AddrRange{page(20), page(21)}));
}

TEST_F(PagemapScan, LeavesTheArgumentAloneWhenItIsRefused) {
  ScanRequest request = written(4);
  EXPECT_EQ(scan(request).error, Errno::inval);
  EXPECT_EQ(scan(request).walk_end_state, FieldState::untouched);
  request = written();
  request.start = VirtAddr{page(16).value + 1};
  EXPECT_EQ(scan(request).error, Errno::inval);
  request.argument = UserPointer::unreadable;
  EXPECT_EQ(scan(request).error, Errno::fault);
}

TEST_F(PagemapScanOn61, IsUnknown) { EXPECT_EQ(scan(written()).error, Errno::notty); }

}  // namespace
}  // namespace model
