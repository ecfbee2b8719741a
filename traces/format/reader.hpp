// SPDX-License-Identifier: Apache-2.0
// Reader: a trace file, one observation at a time, in bounded memory. Everything a damaged, cut or hostile
// file can contain ends in an Error that names the line; what was read before it stays good.
#pragma once
#include <memory>
#include <optional>
#include <string>

#include "traces/format/header.hpp"
#include "traces/format/lines.hpp"
#include "traces/observation.hpp"

namespace traces {

class Reader {
 public:
  // Opens a trace and reads its header.
  static Expected<Reader> open(const std::string& path);
  static Expected<Reader> open(Lines lines);
  ~Reader();
  Reader(Reader&&) noexcept;
  Reader& operator=(Reader&&) noexcept;

  const Header& header() const { return header_; }
  // The next observation; none at the end. An observation without an origin gets this file and line.
  Expected<std::optional<Observation>> next();

 private:
  struct Parser;
  explicit Reader(Lines lines);
  Expected<void> read_header();

  Lines lines_;
  Header header_;
  std::unique_ptr<Parser> parser_;
};

}  // namespace traces
