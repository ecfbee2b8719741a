// SPDX-License-Identifier: Apache-2.0
// Message: struct uffd_msg in the model's own types (uffd-semantics §12).
#pragma once
#include <array>
#include <cstdint>
#include <type_traits>

#include "model/mm/address.hpp"
#include "model/uffd/abi.hpp"
#include "sim/current.hpp"

namespace model {

struct UserfaultfdCtx;

struct Message {
  std::uint8_t event = 0;                 // UFFD_EVENT_*; 0 once an event has been read
  std::uint8_t flags = 0;                 // UFFD_PAGEFAULT_FLAG_*
  sim::ThreadId thread = sim::kNoThread;  // who faulted, if the context asked for THREAD_ID
  std::int8_t fd = -1;  // FORK: the descriptor of the child's context, in the process that read it
  std::array<std::uint8_t, 4> padding{};  // named, so that an assignment writes it
  UserfaultfdCtx* forked = nullptr;       // FORK, until it is read: that context
  VirtAddr start{};                       // of the fault, or of the range; REMAP: where it was
  VirtAddr end{};                         // REMOVE, UNMAP; REMAP: where it is now
  std::uint64_t length = 0;               // REMAP: bytes
};
static_assert(std::has_unique_object_representations_v<Message>, "padding would tell equal worlds apart");

}  // namespace model
