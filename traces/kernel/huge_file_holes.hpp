// SPDX-License-Identifier: Apache-2.0
// Which pages of a file of huge pages there are. lseek(2) does not tell: it takes every page for data.
// Source: UFFDIO_CONTINUE maps what a file has, and answers EFAULT where it has a hole.
#pragma once
#include <cstdint>

namespace traces {

class HugeFileHoles {
 public:
  // A descriptor of the file and its length in bytes; no descriptor: there is nothing to tell. Throws
  // std::system_error if the file cannot be mapped and registered.
  HugeFileHoles(int file, std::int64_t length);
  ~HugeFileHoles();
  HugeFileHoles(const HugeFileHoles&) = delete;
  HugeFileHoles& operator=(const HugeFileHoles&) = delete;

  bool at(std::uint64_t page) const;

 private:
  int uffd_ = -1;
  void* mapping_ = nullptr;
  std::uint64_t length_ = 0;
};

}  // namespace traces
