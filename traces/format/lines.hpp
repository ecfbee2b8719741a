// SPDX-License-Identifier: Apache-2.0
// Lines: a source cut at its newlines, with a limit on their length. Memory is bounded by that limit,
// whatever the source says; the error for a longer line comes as soon as the limit is passed.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "traces/format/source.hpp"

namespace traces {

struct Line {
  std::string_view text;     // without its newline; valid until the next call. kLinePadding bytes behind it
                             // may be read (not used), as simdjson wants.
  std::uint64_t number = 0;  // from 1
  enum class End : std::uint8_t { newline, cut } end = End::newline;  // cut: the file ended first
};

inline constexpr std::size_t kMaxLine = std::size_t{1} << 20;
inline constexpr std::size_t kLinePadding = 64;

class Lines {
 public:
  // `name` is what errors call the file.
  Lines(std::string name, std::unique_ptr<Source> source);

  // The next line; none at the end; an error for a line longer than kMaxLine or a source that fails. After
  // an error every further call gives the same error.
  Expected<std::optional<Line>> next();

  const std::string& name() const { return name_; }
  std::uint64_t number() const { return number_; }  // of the last line given

 private:
  Expected<std::optional<Line>> take(std::size_t length, Line::End end);
  tl::unexpected<Error> fail(Error error);
  void make_room();

  std::string name_;
  std::unique_ptr<Source> source_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;    // of what was not yet given
  std::size_t scanned_ = 0;  // up to here there is no newline
  std::size_t end_ = 0;      // of what was read
  std::uint64_t number_ = 0;
  bool ended_ = false;
  std::optional<Error> failure_;
};

// Lines of the file at `path`.
Expected<Lines> open_lines(const std::string& path);

}  // namespace traces
