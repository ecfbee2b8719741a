// SPDX-License-Identifier: Apache-2.0
// The userfaultfd ABI: <linux/userfaultfd.h> where it has the name, our own constant, with the kernel
// that brought it, where Debian 12's header (6.1) is too old. No number is written twice.
#pragma once
#include <linux/ioctl.h>
#include <linux/userfaultfd.h>

#include <cstdint>

namespace model::abi {

// Features that headers older than the kernel named lack.
inline constexpr std::uint64_t kFeatureWpUnpopulated = 1u << 13;  // 6.4
inline constexpr std::uint64_t kFeaturePoison = 1u << 14;         // 6.6
inline constexpr std::uint64_t kFeatureWpAsync = 1u << 15;        // 6.7
inline constexpr std::uint64_t kFeatureMove = 1u << 16;           // 6.8
inline constexpr std::uint64_t kFeatureRwp = 1u << 17;            // 7.3
inline constexpr std::uint64_t kFeatureRwpAsync = 1u << 18;       // 7.3

// Numbers of the ioctls those headers lack; each is also the ioctl's bit in a mask of ioctls.
inline constexpr unsigned kIoctlMove = 0x05;       // 6.8
inline constexpr unsigned kIoctlPoison = 0x08;     // 6.6
inline constexpr unsigned kIoctlRwprotect = 0x09;  // 7.3
inline constexpr unsigned kIoctlSetMode = 0x0a;    // 7.3

// Arguments of those ioctls, and what they are asked with.
struct PoisonArgument {
  uffdio_range range;
  std::uint64_t mode;
  std::int64_t updated;  // bytes, or a negative errno
};
struct MoveArgument {
  std::uint64_t dst, src, len;
  std::uint64_t mode;
  std::int64_t move;  // bytes, or a negative errno
};
inline constexpr std::uint64_t kMoveModeDontwake = 1;
inline constexpr std::uint64_t kMoveModeAllowSrcHoles = 2;
inline constexpr unsigned long kMoveRequest = _IOWR(UFFDIO, kIoctlMove, MoveArgument);
// A mode of UFFDIO_CONTINUE that those headers lack.
inline constexpr std::uint64_t kContinueModeWp = 2;  // 6.4

inline constexpr std::uint64_t kPoisonModeDontwake = 1;
inline constexpr unsigned long kPoisonRequest = _IOWR(UFFDIO, kIoctlPoison, PoisonArgument);

// Read-write protection, 7.3.
inline constexpr std::uint64_t kRegisterModeRwp = 8;
inline constexpr std::uint8_t kPagefaultFlagRwp = 8;
struct RwprotectArgument {
  uffdio_range range;
  std::uint64_t mode;
};
inline constexpr std::uint64_t kRwprotectModeRwp = 1;
inline constexpr std::uint64_t kRwprotectModeDontwake = 2;
inline constexpr unsigned long kRwprotectRequest = _IOWR(UFFDIO, kIoctlRwprotect, RwprotectArgument);
struct SetModeArgument {
  std::uint64_t enable, disable;  // features
};
inline constexpr unsigned long kSetModeRequest = _IOW(UFFDIO, kIoctlSetMode, SetModeArgument);

constexpr std::uint64_t ioctl_bit(unsigned number) { return std::uint64_t{1} << number; }

// Set in a context's feature word once the handshake is done; visible in /proc/PID/fdinfo.
inline constexpr std::uint64_t kFeatureInitialized = std::uint64_t{1} << 31;

// Creation flag of userfaultfd(2), Linux 5.11.
inline constexpr int kUserModeOnly = UFFD_USER_MODE_ONLY;

}  // namespace model::abi
