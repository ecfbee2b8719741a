// SPDX-License-Identifier: Apache-2.0
#include "traces/format/lines.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <string>
#include <thread>

namespace traces {
namespace {

constexpr std::uint64_t kTenGiB = std::uint64_t{10} << 30;

Lines lines_of(std::string text) { return Lines("t", bytes_source(std::move(text))); }

std::uint64_t peak_memory() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::uint64_t>(usage.ru_maxrss) << 10;
}

// A zstd frame, put together by hand, that unpacks to `bytes` times the letter x: run-length blocks.
std::string zstd_of_one_letter(std::uint64_t bytes) {
  using namespace std::string_literals;
  constexpr std::uint32_t kBlock = 128 << 10;
  constexpr std::uint32_t kRunLength = 1 << 1;
  std::string frame = "\x28\xb5\x2f\xfd\x00\x50"s;  // magic, descriptor, window of 1 MiB
  for (std::uint64_t done = 0; done < bytes; done += kBlock) {
    const bool last = done + kBlock >= bytes;
    const std::uint32_t header = kBlock << 3 | kRunLength | (last ? 1u : 0u);
    for (int shift = 0; shift < 24; shift += 8) frame += static_cast<char>(header >> shift & 0xff);
    frame += 'x';
  }
  return frame;
}

TEST(Lines, GivesEachLineWithItsNumberAndSaysWhenTheLastIsCut) {
  Lines lines = lines_of("a\n\nbc");
  auto line = lines.next();
  EXPECT_EQ((*line)->text, "a");
  EXPECT_EQ((*line)->number, 1u);
  EXPECT_EQ((*lines.next())->text, "");
  line = lines.next();
  EXPECT_EQ((*line)->text, "bc");
  EXPECT_EQ((*line)->number, 3u);
  EXPECT_EQ((*line)->end, Line::End::cut);
  EXPECT_FALSE(lines.next()->has_value());
  EXPECT_FALSE(lines.next()->has_value());
}

TEST(Lines, AcceptsALineOfExactlyTheLimit) {
  const std::string longest(kMaxLine, 'y');
  Lines lines = lines_of("first\n" + longest + "\nlast\n");
  EXPECT_EQ((*lines.next())->text, "first");
  EXPECT_EQ((*lines.next())->text, longest);
  EXPECT_EQ((*lines.next())->text, "last");
}

TEST(Lines, ManyLinesCrossTheBufferUnharmed) {
  std::string text;
  for (int i = 0; i < 400'000; ++i) text += std::to_string(i) + "\n";
  Lines lines = lines_of(text);
  for (int i = 0; i < 400'000; ++i) ASSERT_EQ((*lines.next())->text, std::to_string(i));
  EXPECT_FALSE(lines.next()->has_value());
}

TEST(Lines, TenGiBOfOneLineFromAPipeIsAnErrorInLittleMemory) {
  std::signal(SIGPIPE, SIG_IGN);
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  std::uint64_t written = 0;
  std::thread generator([&] {
    const std::string chunk(1 << 16, 'x');
    while (written < kTenGiB) {
      const ssize_t n = write(ends[1], chunk.data(), chunk.size());
      if (n <= 0) break;  // the reader has had enough
      written += static_cast<std::uint64_t>(n);
    }
    close(ends[1]);
  });
  const std::uint64_t before = peak_memory();
  {
    Lines lines("pipe", descriptor_source(ends[0]));
    const auto line = lines.next();
    ASSERT_FALSE(line.has_value());
    EXPECT_EQ(line.error().line, 1u);
    EXPECT_NE(to_text(line.error()).find("pipe:1: the line is longer than 1048576 bytes"), std::string::npos);
    EXPECT_FALSE(lines.next().has_value());
  }
  generator.join();
  EXPECT_LT(written, std::uint64_t{4} << 20);
  EXPECT_LT(peak_memory() - before, std::uint64_t{16} << 20);
}

TEST(Lines, TenGiBOfOneLinePackedInAFewHundredKilobytesIsAnErrorInLittleMemory) {
  const std::string packed = zstd_of_one_letter(kTenGiB);
  const std::uint64_t before = peak_memory();
  Lines lines("packed", bytes_source("" + packed));
  const auto line = lines.next();
  ASSERT_FALSE(line.has_value());
  EXPECT_EQ(line.error().line, 1u);
  EXPECT_LT(peak_memory() - before, std::uint64_t{16} << 20);
}

TEST(Lines, UnpacksGzip) {
  const unsigned char hello[] = {0x1f, 0x8b, 0x8,  0x0, 0x0, 0x0,  0x0,  0x0,  0x2,  0x3, 0xcb, 0x48, 0xcd,
                                 0xc9, 0xc9, 0xe7, 0x2, 0x0, 0x20, 0x30, 0x3a, 0x36, 0x6, 0x0,  0x0,  0x0};
  const std::string member(reinterpret_cast<const char*>(hello), sizeof hello);
  Lines two = lines_of(member + member);
  EXPECT_EQ((*two.next())->text, "hello");
  EXPECT_EQ((*two.next())->text, "hello");
  EXPECT_FALSE(two.next()->has_value());
  Lines cut = lines_of(member.substr(0, 14));
  EXPECT_FALSE(cut.next().has_value());
}

}  // namespace
}  // namespace traces
