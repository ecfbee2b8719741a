// SPDX-License-Identifier: Apache-2.0
// The two compressions people use for recordings, as sources on top of a source.
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "traces/format/source.hpp"

namespace traces {
namespace {

using Count = tl::expected<std::size_t, std::string>;
constexpr std::size_t kPackedBuffer = std::size_t{64} << 10;

Count cut(const char* what) {
  return tl::unexpected(std::string("the ") + what + " data ends early: the file was cut");
}

class Zstd : public Source {
 public:
  explicit Zstd(std::unique_ptr<Source> packed) : packed_(std::move(packed)), buffer_(kPackedBuffer) {}

  Count read(std::span<char> out) override {
    ZSTD_outBuffer output{out.data(), out.size(), 0};
    while (output.pos == 0) {
      const bool fed = input_.pos < input_.size;
      if (!fed && !flushing_) {
        const Count got = packed_->read(buffer_);
        if (!got) return got;
        if (*got == 0 && inside_frame_) return cut("zstd");
        if (*got == 0) return 0;
        input_ = {buffer_.data(), *got, 0};
      }
      const std::size_t left = ZSTD_decompressStream(stream_.get(), &output, &input_);
      if (ZSTD_isError(left)) return tl::unexpected(std::string("bad zstd data: ") + ZSTD_getErrorName(left));
      inside_frame_ = left != 0;
      flushing_ = inside_frame_ && output.pos == output.size;
    }
    return output.pos;
  }

 private:
  struct Free {
    void operator()(ZSTD_DCtx* stream) const { ZSTD_freeDCtx(stream); }
  };
  std::unique_ptr<Source> packed_;
  std::vector<char> buffer_;
  std::unique_ptr<ZSTD_DCtx, Free> stream_{ZSTD_createDCtx()};
  ZSTD_inBuffer input_{nullptr, 0, 0};
  bool inside_frame_ = false;
  bool flushing_ = false;  // the last output buffer was full: there may be more without further input
};

class Gzip : public Source {
 public:
  explicit Gzip(std::unique_ptr<Source> packed) : packed_(std::move(packed)), buffer_(kPackedBuffer) {
    constexpr int kGzipOnly = 16 + MAX_WBITS;
    usable_ = inflateInit2(&stream_, kGzipOnly) == Z_OK;
  }
  ~Gzip() override { inflateEnd(&stream_); }
  Gzip(const Gzip&) = delete;
  Gzip& operator=(const Gzip&) = delete;

  Count read(std::span<char> out) override {
    if (!usable_) return tl::unexpected(std::string("zlib cannot be initialised"));
    stream_.next_out = reinterpret_cast<Bytef*>(out.data());
    stream_.avail_out = static_cast<uInt>(out.size());
    while (stream_.avail_out == out.size()) {
      const Count fed = feed();
      if (!fed) return fed;
      if (*fed == 0 && inside_member_) return cut("gzip");
      if (*fed == 0) return 0;
      const int state = inflate(&stream_, Z_NO_FLUSH);
      inside_member_ = state != Z_STREAM_END;
      if (state == Z_STREAM_END) {
        inflateReset(&stream_);  // gzip files may be concatenated
      } else if (state != Z_OK && state != Z_BUF_ERROR) {
        return tl::unexpected(std::string("bad gzip data: ") + (stream_.msg ? stream_.msg : "damaged"));
      }
    }
    return out.size() - stream_.avail_out;
  }

 private:
  // How many packed bytes wait to be inflated, after reading more if there were none.
  Count feed() {
    if (stream_.avail_in != 0) return stream_.avail_in;
    const Count got = packed_->read(buffer_);
    if (!got) return got;
    stream_.next_in = reinterpret_cast<Bytef*>(buffer_.data());
    stream_.avail_in = static_cast<uInt>(*got);
    return got;
  }

  std::unique_ptr<Source> packed_;
  std::vector<char> buffer_;
  z_stream stream_{};
  bool usable_ = false;
  bool inside_member_ = true;
};

// What was read to look at the first bytes, then the rest.
class Peeked : public Source {
 public:
  Peeked(std::unique_ptr<Source> rest, std::string head, std::optional<std::string> failure)
      : rest_(std::move(rest)), head_(std::move(head)), failure_(std::move(failure)) {}

  Count read(std::span<char> out) override {
    if (at_ < head_.size()) {
      const std::size_t count = std::min(out.size(), head_.size() - at_);
      std::copy_n(head_.data() + at_, count, out.data());
      at_ += count;
      return count;
    }
    if (failure_) return tl::unexpected(*failure_);
    return rest_->read(out);
  }

 private:
  std::unique_ptr<Source> rest_;
  std::string head_;
  std::optional<std::string> failure_;
  std::size_t at_ = 0;
};

}  // namespace

std::unique_ptr<Source> unpacked(std::unique_ptr<Source> packed) {
  using namespace std::string_view_literals;
  std::array<char, 4> first{};
  std::size_t have = 0;
  std::optional<std::string> failure;
  while (have < first.size()) {
    const Count got = packed->read(std::span(first).subspan(have));
    if (!got) failure = got.error();
    if (!got || *got == 0) break;
    have += *got;
  }
  const std::string head(first.data(), have);
  auto whole = std::make_unique<Peeked>(std::move(packed), head, std::move(failure));
  if (head == "\x28\xb5\x2f\xfd"sv) return std::make_unique<Zstd>(std::move(whole));
  if (head.starts_with("\x1f\x8b"sv)) return std::make_unique<Gzip>(std::move(whole));
  return whole;
}

}  // namespace traces
