// SPDX-License-Identifier: Apache-2.0
// Messages that a recorder kept as bytes: struct uffd_msg, and the escapes strace writes bytes with.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "traces/observation.hpp"

namespace traces {

// The bytes of a quoted string with octal, \x and one-letter escapes; none if it is not one. Text behind the
// closing quote ("..." where strace cut the string) is left to the caller.
std::optional<std::string> unescape(std::string_view& quoted);

inline constexpr std::size_t kMessageSize = 32;

// Stores one message of kMessageSize bytes in `observation`: its value, and ptid or length where the message
// has them. The result is empty, or why the bytes are no message.
std::string store_message(std::string_view bytes, Observation& observation);

}  // namespace traces
