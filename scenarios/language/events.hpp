// SPDX-License-Identifier: Apache-2.0
// The names of what a userfaultfd reports: kinds of message, bits of poll.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "scenarios/language/suggest.hpp"

namespace language {

// A message without its address.
struct EventKind {
  std::uint8_t event = 0;  // UFFD_EVENT_*
  std::uint8_t flags = 0;  // UFFD_PAGEFAULT_FLAG_*
};
bool is_fault(EventKind kind);
bool has_place(EventKind kind);  // all but a fork

// "read-fault", "write-fault", "wp-fault", "minor-fault", "minor-write-fault", "fork", "remap", "remove",
// "unmap"; "event-0x19" for what has no name here.
std::string event_word(EventKind kind);
std::optional<EventKind> event_named(std::string_view name);
Choices event_names();

// "in", "in+err", "none".
std::string poll_word(std::uint8_t bits);
std::optional<std::uint8_t> poll_named(std::string_view name);

}  // namespace language
