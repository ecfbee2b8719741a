// SPDX-License-Identifier: Apache-2.0
// The archive that a kernel unpacks as its first file system: cpio, the "newc" format.
// Source: Documentation/driver-api/early-userspace/buffer-format.rst.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace traces {

class CpioArchive {
 public:
  // `mode` as stat(2) has it, with the type of the file. No leading slash in the name.
  void add(std::string_view name, std::uint32_t mode, std::string_view contents);
  // The bytes, with the trailer; nothing can be added afterwards.
  std::string finish() &&;

 private:
  std::string bytes_;
  std::uint32_t files_ = 0;
};

}  // namespace traces
