// SPDX-License-Identifier: Apache-2.0
// Lines of a file under /proc, read no further than they are asked for: such files are made while they are
// read, and their ends cost as much as their beginnings.
#pragma once
#include <optional>
#include <string>

namespace traces {

class LineReader {
 public:
  // A file that cannot be opened has no lines.
  explicit LineReader(const std::string& path);
  ~LineReader();
  LineReader(const LineReader&) = delete;
  LineReader& operator=(const LineReader&) = delete;

  std::optional<std::string> next();  // without its newline

 private:
  int descriptor_ = -1;
  std::string buffer_;
  std::size_t at_ = 0;
};

}  // namespace traces
