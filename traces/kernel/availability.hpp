// SPDX-License-Identifier: Apache-2.0
// Whether this process may have a userfaultfd that handles kernel faults, through which door, and if not,
// what would help. Source: Documentation/admin-guide/mm/userfaultfd.rst, userfaultfd(2).
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "traces/program.hpp"

namespace traces {

// A descriptor from userfaultfd(2), from /dev/userfaultfd (Linux 6.1), or (`either`) from the second where
// the first answers EPERM; -1 and errno otherwise.
enum class UffdDoor : std::uint8_t { system_call, device, either };
int open_userfaultfd(std::uint64_t flags, UffdDoor door);

// vm.unprivileged_userfaultfd of the running kernel, as far as it can be read (0 if it cannot).
UnprivilegedUffd unprivileged_userfaultfd();
// Sets it. Only for a kernel that nobody else uses: the setting is everybody's.
void set_unprivileged_userfaultfd(UnprivilegedUffd setting);

// Nothing if userfaultfds can be had here, else one sentence: why not, and which sysctl, capability or
// device node would help.
std::optional<std::string> why_no_userfaultfd();

}  // namespace traces
