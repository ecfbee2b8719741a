// SPDX-License-Identifier: Apache-2.0
#include "traces/kernel/frame.hpp"

#include <gtest/gtest.h>

namespace traces {
namespace {

TEST(FrameTest, ComesBackByteByByte) {
  FrameReader reader;
  const std::string bytes = frame("kernel 6.1") + frame("") + frame("a b  c");
  std::vector<std::string> texts;
  for (const char byte : bytes) {
    reader.feed({&byte, 1});
    while (const auto text = reader.next()) texts.push_back(*text);
  }
  EXPECT_EQ(texts, (std::vector<std::string>{"kernel 6.1", "", "a b  c"}));
}

TEST(FrameTest, NoiseAndDamageArePassedOver) {
  FrameReader reader;
  std::string damaged = frame("one");
  damaged[damaged.size() - 2] = 'x';
  reader.feed("[    0.1] a kernel speaks\r\n" + damaged + "[ 0.2] noise " + frame("two"));
  EXPECT_EQ(reader.next(), "two");
  EXPECT_EQ(reader.next(), std::nullopt);
}

TEST(FrameTest, ALineMayEndAsOnATerminal) {
  std::string bytes = frame("text");
  bytes.insert(bytes.end() - 1, '\r');
  FrameReader reader;
  reader.feed(bytes);
  EXPECT_EQ(reader.next(), "text");
}

}  // namespace
}  // namespace traces
