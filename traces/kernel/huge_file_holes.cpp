// SPDX-License-Identifier: Apache-2.0
#include "traces/kernel/huge_file_holes.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "model/mm/address.hpp"
#include "model/uffd/abi.hpp"

namespace traces {
namespace {

[[noreturn]] void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

}  // namespace

// Readable only, so that the file does not grow; and without a promise, so that the pool stays as it is.
HugeFileHoles::HugeFileHoles(int file, std::int64_t length) : length_(static_cast<std::uint64_t>(length)) {
  if (file < 0 || length == 0) return;
  mapping_ = mmap(nullptr, length_, PROT_READ, MAP_SHARED | MAP_NORESERVE, file, 0);
  if (mapping_ == MAP_FAILED) fail("looking at a file of huge pages: mmap");
  uffd_ = static_cast<int>(syscall(SYS_userfaultfd, O_CLOEXEC | model::abi::kUserModeOnly));
  if (uffd_ < 0) fail("looking at a file of huge pages: userfaultfd");
  uffdio_api api = {.api = UFFD_API, .features = 0, .ioctls = 0};
  uffdio_register registration = {
      .range = {.start = reinterpret_cast<std::uint64_t>(mapping_), .len = length_},
      .mode = UFFDIO_REGISTER_MODE_MINOR,
      .ioctls = 0};
  if (ioctl(uffd_, UFFDIO_API, &api) != 0 || ioctl(uffd_, UFFDIO_REGISTER, &registration) != 0)
    fail("looking at a file of huge pages: UFFDIO_REGISTER");
}

HugeFileHoles::~HugeFileHoles() {
  if (mapping_ != nullptr) munmap(mapping_, length_);
  if (uffd_ >= 0) close(uffd_);
}

bool HugeFileHoles::at(std::uint64_t page) const {
  const std::uint64_t start = reinterpret_cast<std::uint64_t>(mapping_) + page * model::kHugePageSize;
  uffdio_continue arguments = {
      .range = {.start = start, .len = model::kHugePageSize}, .mode = 0, .mapped = 0};
  return ioctl(uffd_, UFFDIO_CONTINUE, &arguments) != 0;
}

}  // namespace traces
