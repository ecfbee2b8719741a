// SPDX-License-Identifier: Apache-2.0
// The words of a trace: kinds of operations, errnos, events, by name and back.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "traces/observation.hpp"

namespace traces {

std::string_view kind_name(OperationKind kind);
std::optional<OperationKind> kind_named(std::string_view name);

std::string_view moment_name(Moment moment);
std::optional<Moment> moment_named(std::string_view name);

// "EAGAIN"; "ok" for none; the number where the C library has no name for it.
std::string errno_name(model::Errno error);
std::optional<model::Errno> errno_named(std::string_view name);

// "PAGEFAULT", "FORK", "REMAP", "REMOVE", "UNMAP" (UFFD_EVENT_*); empty for any other number.
std::string_view event_name(std::uint8_t event);
std::optional<std::uint8_t> event_named(std::string_view name);

}  // namespace traces
