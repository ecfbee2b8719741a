// SPDX-License-Identifier: Apache-2.0
// The ioctls of a userfaultfd. Each is called with a reference to the file and no lock held.
#pragma once
#include <array>
#include <type_traits>

#include "model/uffd/context.hpp"
#include "model/uffd/ioctl.hpp"

namespace model {

enum class SysPtrace : std::uint8_t { absent, present };  // CAP_SYS_PTRACE of the caller

// UFFDIO_API: the handshake, once. Field: the features the kernel offers, 0 on failure (EINVAL, EPERM).
// Source: uffd-semantics §3.
struct ApiRequest {
  std::uint64_t api = UFFD_API;
  std::uint64_t features = 0;
  UserPointer argument = UserPointer::readable;
  SysPtrace capability = SysPtrace::present;
};
sim::Task<IoctlReply> userfaultfd_api(UserfaultfdCtx& ctx, ApiRequest request);

// What every other ioctl but UFFDIO_API is given: a range, mode bits, and whether the pointer can be read.
struct RangeRequest {
  VirtAddr start;
  std::uint64_t length = 0;
  std::uint64_t mode = 0;
  UserPointer argument = UserPointer::readable;
  std::array<std::uint8_t, 7> padding{};  // named, so that a copy takes it along
};
static_assert(std::has_unique_object_representations_v<RangeRequest>,
              "padding would tell equal worlds apart");

// UFFDIO_REGISTER. Field: the mask of ioctls for the range. EFAULT, EINVAL, ENOMEM (process gone), EBUSY.
// Source: uffd-semantics §5.
sim::Task<IoctlReply> userfaultfd_register(UserfaultfdCtx& ctx, RangeRequest request);

// UFFDIO_UNREGISTER: wakes MISSING waiters of the range, then disarms it. EFAULT, EINVAL, ENOMEM.
// RWP protection is lifted. Source: uffd-semantics §6.
sim::Task<IoctlReply> userfaultfd_unregister(UserfaultfdCtx& ctx, RangeRequest request);

// UFFDIO_WAKE: wakes the range's waiters, whatever is mapped there. EFAULT, EINVAL. Source: §13.8.
sim::Task<IoctlReply> userfaultfd_wake(UserfaultfdCtx& ctx, RangeRequest request);

// Where COPY takes its bytes from.
struct CopySource {
  enum class Kind : std::uint8_t {
    letters,  // a resident buffer of the caller: one letter a page or huge page, the last repeated
    memory,   // `start` in the caller's address space: may fault, and may be missing itself
  };
  Kind kind = Kind::letters;
  const char* letters = nullptr;  // must outlive the world
  std::uint32_t count = 0;
  VirtAddr start;
  // What one letter is for. Of a page of the other size the letter is that of its first byte.
  PageSize letter_for = PageSize::base;
  std::array<std::uint8_t, 7> padding{};  // named, so that a copy takes it along

  char letter(std::uint64_t page) const {
    return count == 0 ? '\0' : letters[page < count ? page : count - std::uint64_t{1}];
  }
};

// UFFDIO_COPY: fills missing pages. Field: bytes filled, or a negative errno. EAGAIN when fewer bytes than
// asked were filled, or when the layout is changing. EEXIST, ENOENT, EFAULT, EINVAL, ENOMEM, ESRCH.
// Source: uffd-semantics §13.1, §13.2.
sim::Task<IoctlReply> userfaultfd_copy(UserfaultfdCtx& ctx, Mm& caller, RangeRequest request,
                                       CopySource source);

// UFFDIO_ZEROPAGE: maps the zero page. Fields and errors as for COPY. Source: uffd-semantics §13.3.
sim::Task<IoctlReply> userfaultfd_zeropage(UserfaultfdCtx& ctx, RangeRequest request);

// UFFDIO_POISON: touching the pages is SIGBUS from now on. Only what was never touched can be poisoned:
// EEXIST. Fields and errors as for COPY. Since 6.6. Source: uffd-semantics §13.5.
sim::Task<IoctlReply> userfaultfd_poison(UserfaultfdCtx& ctx, RangeRequest request);
// UFFDIO_MOVE: takes pages away from another place of the address space, unread and unchanged. Mode
// ALLOW_SRC_HOLES passes over what is not there. Fields and errors as for COPY; ENOENT (nothing at the
// source), EBUSY, EFAULT (a marker at the source), EINVAL (not this process, or mappings that do not fit
// together). Since 6.8. Source: §13.7.
struct MoveRequest : RangeRequest {
  VirtAddr source;
};
sim::Task<IoctlReply> userfaultfd_move(UserfaultfdCtx& ctx, const Mm& caller, MoveRequest request);
// UFFDIO_CONTINUE: maps pages that the file has already; a hole is EFAULT, memory without a file EINVAL. Mode
// WP (since 6.4) maps them write-protected. Fields and errors as for COPY. Source: uffd-semantics §13.4.
sim::Task<IoctlReply> userfaultfd_continue(UserfaultfdCtx& ctx, RangeRequest request);
// An ioctl that the kernel does not have: EINVAL, the argument is not looked at.
sim::Task<IoctlReply> userfaultfd_unknown_ioctl(UserfaultfdCtx& ctx, RangeRequest request);

// UFFDIO_WRITEPROTECT: mode WP protects what is there, mode 0 lifts the protection and wakes the range, with
// DONTWAKE it wakes nobody. No field. EAGAIN (the layout is changing), EFAULT, EINVAL, ESRCH, ENOENT (not
// registered for WP). Source: uffd-semantics §13.6.
sim::Task<IoctlReply> userfaultfd_writeprotect(UserfaultfdCtx& ctx, RangeRequest request);

// UFFDIO_RWPROTECT: mode RWP protects what is there from every access, mode 0 lifts the protection and wakes
// the range, with DONTWAKE it wakes nobody. All mappings of the range are changed, or none. No field. Errors
// as of WRITEPROTECT; ENOENT (not registered for RWP). Since 7.3. Source: uffd-semantics §19.
sim::Task<IoctlReply> userfaultfd_rwprotect(UserfaultfdCtx& ctx, RangeRequest request);

// UFFDIO_SET_MODE: enables or disables features of a context in use; RWP_ASYNC is the only one that can be.
// Enabled, it wakes everybody. No field. EFAULT, EINVAL, ESRCH. Since 7.3. Source: uffd-semantics §19.
struct SetModeRequest {
  std::uint64_t enable = 0;
  std::uint64_t disable = 0;
  UserPointer argument = UserPointer::readable;
  std::array<std::uint8_t, 7> padding{};  // named, so that a copy takes it along
};
static_assert(std::has_unique_object_representations_v<SetModeRequest>,
              "padding would tell equal worlds apart");
sim::Task<IoctlReply> userfaultfd_set_mode(UserfaultfdCtx& ctx, SetModeRequest request);
// Before 7.3: EINVAL, the argument is not looked at.
sim::Task<IoctlReply> no_set_mode(UserfaultfdCtx& ctx, SetModeRequest request);

// What close(2) of the last descriptor does: disarms every mapping of the context, then wakes everybody.
// Source: uffd-semantics §15.
sim::Task<void> userfaultfd_release(UserfaultfdCtx& ctx);

}  // namespace model
