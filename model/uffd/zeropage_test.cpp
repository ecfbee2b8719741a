// SPDX-License-Identifier: Apache-2.0
#include "model/fault/access.hpp"
#include "model/one_thread_for_test.hpp"
#include "model/uffd/api.hpp"

namespace model {
namespace {

TEST(Zeropage, InAMappingWithoutAccessCannotBeRead) {
  OneThread one;
  EXPECT_EQ(one.map(page(1), {1}, 0), Errno::none);
  one.open_uffd();
  EXPECT_EQ(one.arm(page(1), {1}).error, Errno::none);
  const RangeRequest request{page(1), kPageSize, 0, UserPointer::readable};
  EXPECT_EQ(one.run([&] { return userfaultfd_zeropage(one.ctx(), request); }).field, 4096);
  const Touched touched =
      one.run([&] { return touch_memory(one.mm(), page(1), Access::read, Mode::user, '\0'); });
  EXPECT_EQ(touched.how, Touched::How::sigsegv);
}

}  // namespace
}  // namespace model
