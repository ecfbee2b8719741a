// SPDX-License-Identifier: Apache-2.0
// Source: bytes that arrive one buffer at a time, from a file, a pipe or memory, unpacked on the way when
// they are zstd or gzip. Nothing here ever holds more than a buffer.
#pragma once
#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include "traces/error.hpp"

namespace traces {

class Source {
 public:
  virtual ~Source() = default;
  // Fills the front of `buffer`: how many bytes, 0 at the end, or why reading failed.
  virtual tl::expected<std::size_t, std::string> read(std::span<char> buffer) = 0;
};

// Opens a file for reading, "-" for standard input. Unpacks zstd and gzip, known by their first bytes.
Expected<std::unique_ptr<Source>> open_source(const std::string& path);

// The bytes themselves, unpacked likewise: for tests and fuzzers.
std::unique_ptr<Source> bytes_source(std::string bytes);

// A descriptor to read from and close: a pipe. Not unpacked.
std::unique_ptr<Source> descriptor_source(int descriptor);

// `packed`, unpacked if its first bytes are zstd's or gzip's, else as it is.
std::unique_ptr<Source> unpacked(std::unique_ptr<Source> packed);

}  // namespace traces
