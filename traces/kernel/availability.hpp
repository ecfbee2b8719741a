// SPDX-License-Identifier: Apache-2.0
// Whether this process may have a userfaultfd that handles kernel faults, through which door, and if not,
// what would help. Source: Documentation/admin-guide/mm/userfaultfd.rst, userfaultfd(2).
#pragma once
#include <cstdint>
#include <optional>
#include <string>

namespace traces {

// A descriptor from userfaultfd(2), or from /dev/userfaultfd (Linux 6.1) where the system call answers
// EPERM and `door` allows it; -1 and errno otherwise.
enum class UffdDoor : std::uint8_t { system_call, either };
int open_userfaultfd(std::uint64_t flags, UffdDoor door);

// Nothing if userfaultfds can be had here, else one sentence: why not, and which sysctl, capability or
// device node would help.
std::optional<std::string> why_no_userfaultfd();

}  // namespace traces
