// SPDX-License-Identifier: Apache-2.0
#include "traces/format/check.hpp"

#include <fmt/format.h>

#include "model/uffd/abi.hpp"

namespace traces {
namespace {

bool wraps(std::uint64_t start, std::uint64_t length) { return start + length < start; }

std::string complaint_about_message(const Observation& observation) {
  const Value& value = observation.value;
  const bool range = value.event == UFFD_EVENT_REMOVE || value.event == UFFD_EVENT_UNMAP;
  if (range && value.end < value.start) {
    return fmt::format("the message's range ends ({:#x}) before it starts ({:#x})", value.end, value.start);
  }
  if (value.event == UFFD_EVENT_REMAP && wraps(value.start, observation.length)) {
    return fmt::format("the message's length {:#x} wraps around 2^64 from {:#x}", observation.length,
                       value.start);
  }
  return {};
}

}  // namespace

bool has_range(OperationKind kind) {
  switch (kind) {
    case OperationKind::load:
    case OperationKind::store:
    case OperationKind::copy_from_user:
    case OperationKind::copy_to_user:
    case OperationKind::mmap:
    case OperationKind::munmap:
    case OperationKind::mprotect:
    case OperationKind::dontneed:
    case OperationKind::remove:
    case OperationKind::madvise:
    case OperationKind::mremap:
    case OperationKind::register_:
    case OperationKind::unregister:
    case OperationKind::copy:
    case OperationKind::zeropage:
    case OperationKind::wake:
    case OperationKind::writeprotect:
    case OperationKind::poison:
    case OperationKind::continue_:
    case OperationKind::move:
    case OperationKind::pagemap:
    case OperationKind::vma:
    case OperationKind::scan:
    case OperationKind::rwprotect:
      return true;
    default:
      return false;
  }
}

std::string complaint(const Observation& observation) {
  if (wraps(observation.clock, observation.duration)) return "the duration wraps around 2^64 nanoseconds";
  const Value& value = observation.value;
  if (value.kind == ValueKind::message) return complaint_about_message(observation);
  const bool failed = value.kind == ValueKind::errnum && value.error != model::Errno::none;
  if (!failed && has_range(observation.kind) && wraps(observation.address, observation.length)) {
    return fmt::format(
        "the length {:#x} wraps around 2^64 from address {:#x}, and yet nothing says that it failed",
        observation.length, observation.address);
  }
  return {};
}

}  // namespace traces
