// SPDX-License-Identifier: Apache-2.0
#include "traces/kernel/availability.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "model/uffd/abi.hpp"

namespace traces {
namespace {

constexpr const char* kDevice = "/dev/userfaultfd";
constexpr const char* kSetting = "/proc/sys/vm/unprivileged_userfaultfd";

int open_through_device(std::uint64_t flags) {
  const int device = open(kDevice, O_RDWR | O_CLOEXEC);
  if (device < 0) return -1;
  const int descriptor = ioctl(device, USERFAULTFD_IOC_NEW, flags);
  const int error = errno;
  close(device);
  errno = error;
  return descriptor;
}

}  // namespace

int open_userfaultfd(std::uint64_t flags, UffdDoor door) {
  if (door == UffdDoor::device) return open_through_device(flags);
  const long descriptor = syscall(SYS_userfaultfd, flags);
  if (descriptor >= 0) return static_cast<int>(descriptor);
  if (errno != EPERM || door == UffdDoor::system_call) return -1;
  const int through_device = open_through_device(flags);
  if (through_device < 0 && (errno == ENOENT || errno == EACCES)) errno = EPERM;  // as the system call said
  return through_device;
}

UnprivilegedUffd unprivileged_userfaultfd() {
  int setting = 0;
  std::ifstream(kSetting) >> setting;
  return setting == 1 ? UnprivilegedUffd::allowed : UnprivilegedUffd::refused;
}

void set_unprivileged_userfaultfd(UnprivilegedUffd setting) {
  std::ofstream(kSetting) << (setting == UnprivilegedUffd::allowed ? 1 : 0);
}

std::optional<std::string> why_no_userfaultfd() {
  const long descriptor = syscall(SYS_userfaultfd, O_CLOEXEC);
  if (descriptor >= 0) {
    close(static_cast<int>(descriptor));
    return std::nullopt;
  }
  if (errno == ENOSYS) {
    return "no userfaultfd: this kernel has no userfaultfd(2) (built without CONFIG_USERFAULTFD, or a "
           "seccomp "
           "filter hides it): use another kernel, or a QEMU image";
  }
  const int refusal = errno;
  const int through_device = open_through_device(O_CLOEXEC);
  if (through_device >= 0) {
    close(through_device);
    return std::nullopt;
  }
  return fmt::format(
      "no userfaultfd: userfaultfd(2) says {}, {} says {}: run with CAP_SYS_PTRACE (as root), or set "
      "`sysctl vm.unprivileged_userfaultfd=1`, or give this user read and write permission on {}",
      std::strerror(refusal), kDevice, std::strerror(errno), kDevice);
}

}  // namespace traces
