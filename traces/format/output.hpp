// SPDX-License-Identifier: Apache-2.0
// Output: a file that appears under its name only when it is whole. Until then it grows as NAME.partial,
// by whole blocks that can be read by themselves; if the work stops early, that file stays.
#pragma once
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include "traces/error.hpp"

struct ZSTD_CCtx_s;

namespace traces {

class Output {
 public:
  // Compresses with zstd when the name ends in ".zst".
  static Expected<std::unique_ptr<Output>> create(const std::string& path);
  ~Output();  // without finish(): flushes what it has and leaves NAME.partial
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  // Appends whole lines.
  Expected<void> write(std::string_view lines);
  // Writes the rest and gives the file its name.
  Expected<void> finish();

  const std::string& partial_path() const { return partial_; }

 private:
  enum class Flush : std::uint8_t { block, end };
  struct Free {
    void operator()(ZSTD_CCtx_s* stream) const;
    void operator()(std::FILE* file) const;
  };
  explicit Output(const std::string& path);
  Expected<void> flush(Flush how);
  Expected<void> put(const char* bytes, std::size_t count);

  std::string path_;
  std::string partial_;
  std::unique_ptr<std::FILE, Free> file_;
  std::unique_ptr<ZSTD_CCtx_s, Free> stream_;  // null: not compressed
  std::string waiting_;
};

}  // namespace traces
