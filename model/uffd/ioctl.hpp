// SPDX-License-Identifier: Apache-2.0
// What userfaultfd ioctls take and give, in the ABI's terms. Each ioctl has a file of its own; its
// documentation is ioctl_userfaultfd(2) and uffd-semantics §§3-13.
#pragma once
#include <cstdint>

#include "model/errno.hpp"
#include "model/mm/address.hpp"
#include "model/mm/vma.hpp"

namespace model {

// Whether the kernel wrote the output field of the argument (uffdio_copy.copy, uffdio_register.ioctls, …).
enum class FieldState : std::uint8_t { untouched, written };

// Whether the argument's pointer leads anywhere.
enum class UserPointer : std::uint8_t { readable, unreadable };

struct IoctlReply {
  Errno error = Errno::none;
  FieldState field_state = FieldState::untouched;
  std::int64_t field = 0;  // bytes done, a mask, or a negative errno

  static IoctlReply of(Errno e) { return {.error = e}; }
  static IoctlReply with(Errno e, std::int64_t field) {
    return {.error = e, .field_state = FieldState::written, .field = field};
  }
  // The errno returned, and its negative stored in the field.
  static IoctlReply stored(Errno e) { return with(e, -static_cast<std::int64_t>(e)); }
};

// What a data ioctl holds while it fills pages: see mfill.hpp.
struct MfillLock {
  Errno error = Errno::none;
  Vma* vma = nullptr;
};

}  // namespace model
