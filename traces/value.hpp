// SPDX-License-Identifier: Apache-2.0
// What an operation gave back, on either machine: an errno, the letter a load saw, a message, a mask.
// A value is plain bytes, because the model keeps values in its world; addresses in it are *program
// addresses* (see layout.hpp), the same numbers on the model and on a real kernel.
#pragma once
#include <cstdint>
#include <string>

#include "model/errno.hpp"
#include "model/mm/address.hpp"

namespace traces {

enum class ValueKind : std::uint8_t {
  unset,    // the operation has not finished (or was never reached)
  errnum,   // `error`; Errno::none reads "ok"
  content,  // a load: `small` is the letter in the page; 0 reads "zero"
  signal,   // the access raised SIGBUS or SIGSEGV: `small` is the signal's number
  message,  // a read: one struct uffd_msg
  events,   // a poll: `small` is the POLL* bits; 0 reads "none"
  number,   // a shared variable, a counter: `number`
  page,     // pagemap of one page: `small` is a PageState
  counts,   // fdinfo: `start` pending, `end` total
  mapping,  // the VMA at an address: `small` is its VmaState bits
  scan,     // what a scan found: `small` regions, packed in `start` and `end`; see scan.hpp
};

// What /proc/PID/pagemap and /proc/PID/smaps tell of one page.
enum class PageState : std::uint8_t {
  unmapped,
  missing,
  present,
  present_wp,   // with the uffd-wp bit
  missing_wp,   // nothing there, and write-protected all the same: a marker
  poisoned,     // a UFFDIO_POISON marker
  guarded,      // a MADV_GUARD_INSTALL marker
  present_rwp,  // with the uffd bit, in a mapping registered for RWP: nobody can read it
};

// Bits of a `mapping` value; 0 means that nothing is mapped there.
namespace vma_state {
inline constexpr std::uint8_t kMapped = 1, kRead = 2, kWrite = 4, kUffdMissing = 8, kUffdWp = 16;
inline constexpr std::uint8_t kUffdMinor = 32, kShared = 64, kUffdRwp = 128;
}  // namespace vma_state

// How an ioctl left its output field (uffdio_copy.copy, uffdio_register.ioctls, …).
enum class FieldState : std::uint8_t { none, untouched, written };

struct Value {
  ValueKind kind = ValueKind::unset;
  model::Errno error = model::Errno::none;
  std::uint8_t small = 0;   // see ValueKind
  std::uint8_t event = 0;   // message: UFFD_EVENT_*
  std::uint8_t flags = 0;   // message: UFFD_PAGEFAULT_FLAG_*
  std::int8_t thread = -1;  // message: index of the faulting thread, -1 where the kernel says none
  FieldState field_state = FieldState::none;
  std::uint8_t unused = 0;  // keeps the bytes of equal values equal
  std::int64_t field = 0;   // the output field: bytes done, -errno, or a mask; message: length (REMAP)
  std::uint64_t start = 0;  // message: address or start, or where it was (REMAP); number: its value
  std::uint64_t end = 0;    // message: end (REMOVE, UNMAP), or where it is now (REMAP)

  friend bool operator==(const Value&, const Value&) = default;

  static Value ok() { return of(model::Errno::none); }
  static Value of(model::Errno e) { return {.kind = ValueKind::errnum, .error = e}; }
  static Value letter(char c) { return {.kind = ValueKind::content, .small = static_cast<std::uint8_t>(c)}; }
  static Value signal(int number) {
    return {.kind = ValueKind::signal, .small = static_cast<std::uint8_t>(number)};
  }
  static Value number(std::uint64_t n) { return {.kind = ValueKind::number, .start = n}; }
  static Value with_field(model::Errno e, std::int64_t field) {
    return {.kind = ValueKind::errnum, .error = e, .field_state = FieldState::written, .field = field};
  }
  static Value untouched(model::Errno e) {
    return {.kind = ValueKind::errnum, .error = e, .field_state = FieldState::untouched};
  }
};
static_assert(sizeof(Value) == 32);

}  // namespace traces
