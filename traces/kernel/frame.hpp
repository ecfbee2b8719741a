// SPDX-License-Identifier: Apache-2.0
// Frames: how a guest sends texts over a serial line that others may write to as well. A frame is one line,
//   @uffdsim LENGTH CHECKSUM TEXT
// and whatever is not a whole, undamaged frame is passed over.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace traces {

// `text` has no newline.
std::string frame(std::string_view text);

class FrameReader {
 public:
  void feed(std::string_view bytes) { buffer_ += bytes; }
  // The text of the next frame, if all of it has arrived.
  std::optional<std::string> next();

 private:
  std::string buffer_;
  std::size_t at_ = 0;
};

}  // namespace traces
