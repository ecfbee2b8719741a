// SPDX-License-Identifier: Apache-2.0
#include "traces/kernel/line_reader.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>

namespace traces {

LineReader::LineReader(const std::string& path) : descriptor_(open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}

LineReader::~LineReader() {
  if (descriptor_ >= 0) close(descriptor_);
}

std::optional<std::string> LineReader::next() {
  for (;;) {
    const std::size_t newline = buffer_.find('\n', at_);
    if (newline != std::string::npos) {
      std::string line = buffer_.substr(at_, newline - at_);
      at_ = newline + 1;
      return line;
    }
    buffer_.erase(0, at_);
    at_ = 0;
    std::array<char, 4096> piece;
    const ssize_t got = descriptor_ < 0 ? 0 : read(descriptor_, piece.data(), piece.size());
    if (got <= 0) return std::nullopt;
    buffer_.append(piece.data(), static_cast<std::size_t>(got));
  }
}

}  // namespace traces
