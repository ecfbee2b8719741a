// SPDX-License-Identifier: Apache-2.0
#include "traces/kernel/cpio.hpp"

#include <gtest/gtest.h>

namespace traces {
namespace {

TEST(CpioTest, EveryPartIsAlignedAndTheTrailerEndsIt) {
  CpioArchive archive;
  archive.add("init", 0100755, "abc");
  const std::string bytes = std::move(archive).finish();
  EXPECT_EQ(bytes.size() % 4, 0u);
  EXPECT_EQ(bytes.substr(0, 22), "07070100000001000081ED");  // magic, inode, mode
  EXPECT_EQ(bytes.substr(54, 8), "00000003");                // size of the file
  EXPECT_EQ(bytes.substr(94, 8), "00000005");                // of the name, with its end
  EXPECT_EQ(bytes.substr(110, 5), std::string("init\0", 5));
  EXPECT_EQ(bytes.substr(116, 3), "abc");
  EXPECT_EQ(bytes.find("TRAILER!!!"), 120u + 110u);
}

}  // namespace
}  // namespace traces
