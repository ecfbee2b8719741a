// SPDX-License-Identifier: Apache-2.0
#include "traces/kernel/version.hpp"

#include <gtest/gtest.h>

namespace traces {
namespace {

TEST(VersionTest, TheNearestModelledKernelThatIsNotNewer) {
  EXPECT_EQ(modelled_kernel("6.1.0-56-cloud-amd64"), "6.1");
  EXPECT_EQ(modelled_kernel("6.11.3"), "6.1");
  EXPECT_EQ(modelled_kernel("6.12.117+deb12-cloud-amd64"), "6.12");
  EXPECT_EQ(modelled_kernel("6.18.44"), "6.18");
  EXPECT_EQ(modelled_kernel("7.2"), "6.18");
  EXPECT_EQ(modelled_kernel("7.10"), "7.3");
  EXPECT_EQ(modelled_kernel("5.10.0"), "");
  EXPECT_EQ(modelled_kernel("plan 9"), "");
}

TEST(VersionTest, TheRunningKernelHasANumber) { EXPECT_NE(running_kernel().find('.'), std::string::npos); }

}  // namespace
}  // namespace traces
