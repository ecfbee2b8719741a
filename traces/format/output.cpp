// SPDX-License-Identifier: Apache-2.0
#include "traces/format/output.hpp"

#include <zstd.h>

#include <cerrno>
#include <cstring>
#include <vector>

namespace traces {
namespace {

constexpr std::size_t kBlock = std::size_t{1} << 20;  // what a crash may lose

tl::unexpected<Error> cannot_write(const std::string& path, const std::string& why) {
  return tl::unexpected(
      Error{path, 0, "the file cannot be written", why, "check the folder and the free space"});
}

}  // namespace

void Output::Free::operator()(ZSTD_CCtx_s* stream) const { ZSTD_freeCCtx(stream); }
void Output::Free::operator()(std::FILE* file) const { std::fclose(file); }

Output::Output(const std::string& path) : path_(path), partial_(path + ".partial") {
  constexpr int kLevel = 12;  // a fifth smaller than the default, and still faster than the importers
  if (path.ends_with(".zst")) {
    stream_.reset(ZSTD_createCCtx());
    ZSTD_CCtx_setParameter(stream_.get(), ZSTD_c_compressionLevel, kLevel);
  }
  file_.reset(std::fopen(partial_.c_str(), "wbe"));
}

Expected<std::unique_ptr<Output>> Output::create(const std::string& path) {
  std::unique_ptr<Output> output(new Output(path));
  if (!output->file_) return cannot_write(output->partial_, std::strerror(errno));
  return output;
}

Output::~Output() {
  if (file_) static_cast<void>(flush(Flush::end));
}

Expected<void> Output::put(const char* bytes, std::size_t count) {
  if (std::fwrite(bytes, 1, count, file_.get()) == count) return {};
  return cannot_write(partial_, std::strerror(errno));
}

Expected<void> Output::flush(Flush how) {
  if (!stream_) {
    auto done = put(waiting_.data(), waiting_.size());
    if (!done) return done;
  } else {
    std::vector<char> packed(ZSTD_CStreamOutSize());
    ZSTD_inBuffer input{waiting_.data(), waiting_.size(), 0};
    for (std::size_t left = 1; left != 0;) {
      ZSTD_outBuffer output{packed.data(), packed.size(), 0};
      left =
          ZSTD_compressStream2(stream_.get(), &output, &input, how == Flush::end ? ZSTD_e_end : ZSTD_e_flush);
      if (ZSTD_isError(left)) return cannot_write(partial_, ZSTD_getErrorName(left));
      auto done = put(packed.data(), output.pos);
      if (!done) return done;
    }
  }
  waiting_.clear();
  if (std::fflush(file_.get()) != 0) return cannot_write(partial_, std::strerror(errno));
  return {};
}

Expected<void> Output::write(std::string_view lines) {
  waiting_ += lines;
  return waiting_.size() < kBlock ? Expected<void>{} : flush(Flush::block);
}

Expected<void> Output::finish() {
  auto done = flush(Flush::end);
  if (!done) return done;
  file_.reset();
  if (std::rename(partial_.c_str(), path_.c_str()) != 0) return cannot_write(path_, std::strerror(errno));
  return {};
}

}  // namespace traces
