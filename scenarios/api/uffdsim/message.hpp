// SPDX-License-Identifier: Apache-2.0
// Message: struct uffd_msg, what read(2) of a userfaultfd gives.
#pragma once
#include <linux/userfaultfd.h>

#include <array>
#include <cstdint>
#include <string>
#include <type_traits>

#include "uffdsim/range.hpp"

namespace uffdsim {

struct Message {
  std::uint8_t event = 0;     // UFFD_EVENT_*
  std::uint8_t flags = 0;     // UFFD_PAGEFAULT_FLAG_*
  std::int8_t thread = -1;    // who faulted, by its number, if the handshake asked for UFFD_FEATURE_THREAD_ID
  std::int8_t child_fd = -1;  // FORK: the descriptor of the child's context: Uffd(child_fd)
  std::array<std::uint8_t, 4> padding{};  // named, so that an assignment writes it
  std::uint64_t start = 0;                // of the fault, or of the range; REMAP: where it was
  std::uint64_t end = 0;                  // REMOVE, UNMAP; REMAP: where it is now
  std::uint64_t length = 0;               // REMAP: bytes

  constexpr bool is(unsigned wanted) const { return event == wanted; }
  constexpr bool is_fault() const { return is(UFFD_EVENT_PAGEFAULT); }
  constexpr bool has(std::uint64_t flag) const { return is_fault() && (flags & flag); }
  // The page of a fault.
  constexpr Range page() const { return {start & ~(kPageSize - 1), kPageSize}; }
  // What an event is about: the range that goes (REMOVE, UNMAP), or went (REMAP).
  constexpr Range range() const { return {start, is(UFFD_EVENT_REMAP) ? length : end - start}; }
  constexpr Range moved_to() const { return {end, length}; }
};
static_assert(std::has_unique_object_representations_v<Message>, "padding would tell equal worlds apart");

}  // namespace uffdsim
