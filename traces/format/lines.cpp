// SPDX-License-Identifier: Apache-2.0
#include "traces/format/lines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace traces {
namespace {
constexpr std::size_t kChunk = std::size_t{32} << 10;
}

Lines::Lines(std::string name, std::unique_ptr<Source> source)
    : name_(std::move(name)), source_(std::move(source)), buffer_(kChunk + kLinePadding) {}

Expected<Lines> open_lines(const std::string& path) {
  auto source = open_source(path);
  if (!source) return tl::unexpected(source.error());
  return Lines(path, std::move(*source));
}

tl::unexpected<Error> Lines::fail(Error error) {
  failure_ = std::move(error);
  return tl::unexpected(*failure_);
}

Expected<std::optional<Line>> Lines::take(std::size_t length, Line::End end) {
  const Line line{std::string_view(buffer_.data() + begin_, length), ++number_, end};
  begin_ += length + (end == Line::End::newline ? 1 : 0);
  scanned_ = begin_;
  return line;
}

// For one more chunk behind what was read: by dropping what was given, else by growing.
void Lines::make_room() {
  const std::size_t needed = kChunk + kLinePadding;
  if (end_ + needed > buffer_.size() && begin_ != 0) {
    std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_),
              buffer_.begin() + static_cast<std::ptrdiff_t>(end_), buffer_.begin());
    end_ -= begin_;
    scanned_ -= begin_;
    begin_ = 0;
  }
  if (end_ + needed > buffer_.size()) buffer_.resize(std::max(end_ + needed, 2 * buffer_.size()));
}

Expected<std::optional<Line>> Lines::next() {
  if (failure_) return tl::unexpected(*failure_);
  for (;;) {
    const void* newline = std::memchr(buffer_.data() + scanned_, '\n', end_ - scanned_);
    if (newline != nullptr) {
      const std::size_t at = static_cast<std::size_t>(static_cast<const char*>(newline) - buffer_.data());
      if (at - begin_ <= kMaxLine) return take(at - begin_, Line::End::newline);
    }
    scanned_ = end_;
    if (end_ - begin_ > kMaxLine) {
      return fail({name_, number_ + 1, fmt::format("the line is longer than {} bytes", kMaxLine),
                   "no line of a recording is; the rest was not read",
                   "check that this is the file you mean, and that nothing overwrote its newlines"});
    }
    if (ended_) {
      if (begin_ == end_) return std::optional<Line>{};
      return take(end_ - begin_, Line::End::cut);
    }
    make_room();
    const auto got = source_->read(std::span(buffer_.data() + end_, kChunk));
    if (!got) {
      return fail({name_, number_ + 1, "the file cannot be read further", got.error(),
                   "everything before this line was read"});
    }
    ended_ = *got == 0;
    end_ += *got;
  }
}

}  // namespace traces
