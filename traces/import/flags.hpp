// SPDX-License-Identifier: Apache-2.0
// Masks as strace writes them: names, numbers and shifts joined by '|'.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace traces {

// "UFFD_FEATURE_THREAD_ID|0x1e000", "1<<_UFFDIO_WAKE|0x120", "O_CLOEXEC", "0x14000 /* UFFD_FEATURE_??? */":
// the bits, or none if a name is unknown.
std::optional<std::uint64_t> parse_mask(std::string_view text);

}  // namespace traces
