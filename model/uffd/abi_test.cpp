// SPDX-License-Identifier: Apache-2.0
// Where the header of this machine is new enough to have a name that abi.hpp gives a number, they agree.
#include "model/uffd/abi.hpp"

#include <gtest/gtest.h>

#include "model/kernels/kernel.hpp"

namespace model::abi {

#ifdef UFFD_FEATURE_WP_UNPOPULATED
static_assert(kFeatureWpUnpopulated == UFFD_FEATURE_WP_UNPOPULATED);
#endif
#ifdef UFFD_FEATURE_POISON
static_assert(kFeaturePoison == UFFD_FEATURE_POISON && kIoctlPoison == _UFFDIO_POISON);
#endif
#ifdef UFFD_FEATURE_WP_ASYNC
static_assert(kFeatureWpAsync == UFFD_FEATURE_WP_ASYNC);
#endif
#ifdef UFFD_FEATURE_MOVE
static_assert(kFeatureMove == UFFD_FEATURE_MOVE && kIoctlMove == _UFFDIO_MOVE);
#endif
#ifdef UFFD_FEATURE_RWP
static_assert(kFeatureRwp == UFFD_FEATURE_RWP && kFeatureRwpAsync == UFFD_FEATURE_RWP_ASYNC);
static_assert(kRwprotectRequest == UFFDIO_RWPROTECT && kSetModeRequest == UFFDIO_SET_MODE);
static_assert(kRegisterModeRwp == UFFDIO_REGISTER_MODE_RWP);
static_assert(kPagefaultFlagRwp == UFFD_PAGEFAULT_FLAG_RWP);
#endif
static_assert(sizeof(RwprotectArgument) == 24 && sizeof(SetModeArgument) == 16);
static_assert(sizeof(uffd_msg) == 32);

TEST(Abi, TheMasksOfARegistrationAreThoseMeasured) {
  EXPECT_EQ(linux_6_1.range_ioctls, 0x1cu);
  EXPECT_EQ(linux_6_12.range_ioctls, 0x13cu);
  EXPECT_EQ(linux_6_18.range_ioctls, 0x13cu);
}

}  // namespace model::abi
