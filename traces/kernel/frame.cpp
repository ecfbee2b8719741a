// SPDX-License-Identifier: Apache-2.0
#include "traces/kernel/frame.hpp"

#include <fmt/format.h>

#include <cinttypes>
#include <cstdio>

namespace traces {
namespace {

constexpr std::string_view kMark = "@uffdsim ";

// FNV-1a, 64 bits (draft-eastlake-fnv).
std::uint64_t checksum(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

std::optional<std::string> unframe(std::string_view line) {
  const std::size_t mark = line.rfind(kMark);  // noise may stand before it
  if (mark == std::string_view::npos) return std::nullopt;
  std::string body(line.substr(mark + kMark.size()));
  while (!body.empty() && body.back() == '\r') body.pop_back();
  std::uint64_t length = 0, sum = 0;
  int head = 0;
  if (std::sscanf(body.c_str(), "%" SCNu64 " %" SCNx64 " %n", &length, &sum, &head) != 2) return std::nullopt;
  std::string text = body.substr(static_cast<std::size_t>(head));
  if (text.size() != length || checksum(text) != sum) return std::nullopt;
  return text;
}

}  // namespace

std::string frame(std::string_view text) {
  return fmt::format("{}{} {:016x} {}\n", kMark, text.size(), checksum(text), text);
}

std::optional<std::string> FrameReader::next() {
  for (;;) {
    const std::size_t newline = buffer_.find('\n', at_);
    if (newline == std::string::npos) {
      buffer_.erase(0, at_);
      at_ = 0;
      return std::nullopt;
    }
    const std::optional<std::string> text = unframe(std::string_view(buffer_).substr(at_, newline - at_));
    at_ = newline + 1;
    if (text) return text;
  }
}

}  // namespace traces
